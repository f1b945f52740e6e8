import { useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import { LogDocument, type LogQuery, LogsDocument, RetryStatsDocument } from '../../api/generated'
import { refresh, useApi } from '../../api/hooks'
import { useFeed } from '../../live/use-feed'
import { useText } from '../../text/text'
import { PanelDialog } from '../../ui/panel-dialog'
import { CopyButton, Json, providerTitle, StageBadge } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'
import { useOpenEvent } from './event-href'
import { OrderSummary } from './order-summary'
import { Timeline } from './timeline'
import { useRetry } from './use-retry'

export type EventLog = NonNullable<LogQuery['log']>

/** While an event is on its way its log is asked for at this interval: the read model follows the stream. */
const UNDER_WAY_MS = 1_000

export function EventDrawer() {
  const [id, close] = useOpenEvent()
  const { t } = useText()
  if (id === null) return null
  return (
    <PanelDialog key={id} kind="drawer" title={t('event.title')} onClose={close}>
      <EventDetail id={id} />
    </PanelDialog>
  )
}

function EventDetail({ id }: { readonly id: string }) {
  const { t } = useText()
  const queries = useQueryClient()
  const feed = useFeed()
  const query = useApi(LogDocument, { variables: { id }, everyMs: UNDER_WAY_MS * 5 })
  useEffect(
    () =>
      feed.onFact(({ eventId }) => {
        // The read model is a moment behind the stream.
        if (eventId === id) setTimeout(() => void refresh(queries, [LogDocument]), UNDER_WAY_MS / 4)
      }),
    [feed, queries, id],
  )
  if (query.error?.code === 'NOT_FOUND') return <Empty title={t('event.notFound')} detail={id} />
  return (
    <Loaded query={query} lines={10}>
      {({ log }) => (log === null ? <Empty title={t('event.notFound')} detail={id} /> : <Detail log={log} />)}
    </Loaded>
  )
}

function Detail({ log }: { readonly log: EventLog }) {
  const { t, time } = useText()
  return (
    <>
      <div className="event-head">
        <div>
          <p className="event-name">
            <span dir="ltr">{log.type ?? log.event}</span> <StageBadge stage={log.stage} />
          </p>
          <p className="soft">
            {providerTitle(log.provider)} · {log.clientId} · {time(log.timestamp)}
          </p>
          <p className="mono soft">
            {log.id} <CopyButton value={log.id} label={t('event.id')} />
          </p>
        </div>
        <RetryButton log={log} />
      </div>
      <section>
        <h3>{t('event.timeline')}</h3>
        <Timeline log={log} />
      </section>
      <OrderSummary canonical={log.canonical} />
      {log.canonical !== null && <Json title={t('event.canonical')} value={log.canonical} />}
      {log.payload === null ? (
        <p className="soft">{t('event.noPayload')}</p>
      ) : (
        <Json title={t('event.payload')} value={log.payload} />
      )}
    </>
  )
}

/** Only where something failed and was kept. */
function RetryButton({ log }: { readonly log: EventLog }) {
  const { t } = useText()
  const { button, isPending } = useRetry(log.id, [LogDocument, LogsDocument, RetryStatsDocument])
  if (log.stage !== 'DEAD' && log.stage !== 'RETRYING') return null
  return (
    <button {...button} className="primary">
      <RotateCw size={15} aria-hidden="true" />
      {t(isPending ? 'event.retrying' : 'event.retry')}
    </button>
  )
}
