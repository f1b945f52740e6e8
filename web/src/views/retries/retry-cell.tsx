import { RotateCw } from 'lucide-react'
import { DeadLettersDocument, type LogRowFragment, LogsDocument, RetryStatsDocument } from '../../api/generated'
import { useText } from '../../text/text'
import { useRetry } from '../event/use-retry'

/** Its last attempt again. */
export function RetryCell({ log }: { readonly log: LogRowFragment }) {
  const { t } = useText()
  const { button } = useRetry(log.id, [DeadLettersDocument, LogsDocument, RetryStatsDocument])
  return (
    <button {...button} className="small">
      <RotateCw size={13} aria-hidden="true" />
      {t('event.retry')}
    </button>
  )
}
