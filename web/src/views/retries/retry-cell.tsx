import { RotateCw } from 'lucide-react'
import {
  DeadLettersDocument,
  type LogRowFragment,
  LogsDocument,
  RetryLogDocument,
  RetryStatsDocument,
} from '../../api/generated'
import { useChange } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { useAnnounce } from '../../ui/announce'

/** Its last attempt again, for operators. */
export function RetryCell({ log }: { readonly log: LogRowFragment }) {
  const { t } = useText()
  const announce = useAnnounce()
  const may = useMay('operator')
  const retry = useChange(RetryLogDocument, [DeadLettersDocument, LogsDocument, RetryStatsDocument])
  return (
    <button
      type="button"
      className="small"
      disabled={!may || retry.isPending}
      title={may ? undefined : t('state.needsRole', { role: 'operator' })}
      onClick={() =>
        retry.mutate(
          { id: log.id },
          { onSuccess: () => announce(t('event.retried')), onError: ({ message }) => announce(message, 'bad') },
        )
      }
    >
      <RotateCw size={13} aria-hidden="true" />
      {t('event.retry')}
    </button>
  )
}
