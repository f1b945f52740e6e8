import { type LogRowFragment, LogsDocument, RetryStatsDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useNow } from '../../live/use-feed'
import { useText } from '../../text/text'
import { LogTable } from '../../ui/log-table'
import { Tile, ViewHead } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'
import { DeadLetters } from './dead-letters'

const ASK_MS = 2_000
const LISTED = 50

export function RetriesView() {
  const { t, number } = useText()
  const stats = useApi(RetryStatsDocument, { variables: {}, everyMs: ASK_MS })
  return (
    <div className="view">
      <ViewHead title={t('view.retries')} lead={t('retries.lead')} />
      <Loaded query={stats} lines={2}>
        {({ retryStats }) => (
          <dl className="tiles">
            <Tile
              title={t('retries.scheduled')}
              value={number(retryStats.scheduled)}
              {...toneOf('warn', retryStats.scheduled)}
            />
            <Tile
              title={t('retries.overdue')}
              value={number(retryStats.overdue)}
              {...toneOf('bad', retryStats.overdue)}
            />
            <Tile title={t('retries.dead')} value={number(retryStats.dead)} {...toneOf('bad', retryStats.dead)} />
            <Tile
              title={t('retries.recovered')}
              value={number(retryStats.recovered)}
              {...toneOf('good', retryStats.recovered)}
            />
          </dl>
        )}
      </Loaded>
      <Waiting />
      <DeadLetters />
    </div>
  )
}

function toneOf(tone: 'good' | 'warn' | 'bad', count: number) {
  return count > 0 ? { tone } : {}
}

/** Whatever is between its first and its last attempt. */
function Waiting() {
  const { t } = useText()
  const query = useApi(LogsDocument, { variables: { filter: { status: 'PENDING' }, first: LISTED }, everyMs: ASK_MS })
  return (
    <section className="panel">
      <header className="toolbar">
        <h2>{t('retries.pendingTitle')}</h2>
      </header>
      <Loaded query={query}>
        {({ logs }) => {
          const waiting = logs.edges.map(({ node }) => node).filter(({ stage }) => stage === 'RETRYING')
          if (waiting.length === 0)
            return <Empty title={t('retries.pendingEmpty')} detail={t('retries.pendingEmptyDetail')} />
          return (
            <LogTable
              label={t('retries.pendingTitle')}
              logs={waiting}
              lastColumn={{ title: t('column.due'), cell: (log) => <Due log={log} /> }}
            />
          )
        }}
      </Loaded>
    </section>
  )
}

function Due({ log }: { readonly log: LogRowFragment }) {
  const { t, span } = useText()
  const now = useNow()
  const next = log.attempts.findLast(({ nextAttemptAt }) => nextAttemptAt !== null)?.nextAttemptAt
  if (!next) return null
  const ahead = Date.parse(next) - now
  return <span>{ahead > 0 ? t('retries.in', { time: span(ahead) }) : t('retries.dueNow')}</span>
}
