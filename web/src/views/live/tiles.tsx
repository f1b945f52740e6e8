import { RetryStatsDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { attemptsOf, percentile, sortedTimes, sum } from '../../live/rates'
import { useNow, useRates } from '../../live/use-feed'
import { useText } from '../../text/text'
import { Tile } from '../../ui/parts'

const ASK_MS = 2_000
const MINUTE_SECONDS = 60

export function LiveTiles() {
  const { t, number, percent, span } = useText()
  const seconds = useRates()
  const now = useNow()
  const { data } = useApi(RetryStatsDocument, { variables: {}, everyMs: ASK_MS })
  const minute = sum(seconds.slice(-MINUTE_SECONDS))
  const p95 = percentile(sortedTimes(seconds), 0.95)
  const { deliveredShare } = attemptsOf(sum(seconds))
  const retries = data?.retryStats
  const next = retries?.nextDueAt
  return (
    <dl className="tiles">
      <Tile title={t('tile.events')} value={number(Math.round(minute.accepted))} note={t('tile.lastMinute')} />
      <Tile
        title={t('tile.delivered')}
        value={deliveredShare === null ? '–' : percent(deliveredShare)}
        note={t('tile.lastFive')}
      />
      <Tile
        title={t('tile.latency')}
        value={p95 === null ? '–' : t('unit.ms', { value: Math.round(p95) })}
        note={t('tile.lastFive')}
      />
      <Tile
        title={t('tile.waiting')}
        value={retries === undefined ? '–' : number(retries.scheduled)}
        note={
          next
            ? Date.parse(next) > now
              ? t('tile.next', { time: span(Date.parse(next) - now) })
              : t('retries.dueNow')
            : t('tile.now')
        }
        {...(retries !== undefined && retries.scheduled > 0 && { tone: 'warn' as const })}
      />
      <Tile
        title={t('tile.dead')}
        value={retries === undefined ? '–' : number(retries.dead)}
        note={t('tile.total')}
        {...(retries !== undefined && retries.dead > 0 && { tone: 'bad' as const })}
      />
    </dl>
  )
}
