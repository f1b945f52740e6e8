import { MetricsDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { isOfOneClient, useSession } from '../../api/session'
import { useText } from '../../text/text'
import { Tile } from '../../ui/parts'
import { Loaded } from '../../ui/states'

const ASK_MS = 2_000
/** From these shares on the alert rules of the installation fire. */
const HIGH_ERRORS = 0.05
const HIGH_MEMORY = 0.8
const HIGH_CPU = 0.9

/** All instances together, over the last ten seconds; nothing for a token of one client. */
export function Installation() {
  const session = useSession()
  return isOfOneClient(session) ? null : <Gauges />
}

function Gauges() {
  const { t, number, percent } = useText()
  const query = useApi(MetricsDocument, { variables: {}, everyMs: ASK_MS })
  const rate = (value: number): string => number(Math.round(value * 10) / 10)
  const milliseconds = (value: number): string => t('unit.ms', { value: Math.round(value) })
  return (
    <Loaded query={query} lines={2}>
      {({ metrics }) => (
        <dl className="tiles">
          <Tile
            title={t('metrics.rps')}
            value={rate(metrics.currentRPS)}
            note={milliseconds(metrics.avgResponseTime)}
          />
          <Tile
            title={t('metrics.errors')}
            value={percent(metrics.errorRate)}
            {...(metrics.errorRate >= HIGH_ERRORS && { tone: 'bad' as const })}
          />
          <Tile
            title={t('metrics.deliveries')}
            value={rate(metrics.deliveriesPerSecond)}
            note={milliseconds(metrics.avgDeliveryTime)}
          />
          <Tile title={t('metrics.queue')} value={number(metrics.queueDepth)} />
          <Tile
            title={t('metrics.memory')}
            value={percent(metrics.memoryUsage)}
            note={t('unit.mib', { value: Math.round(metrics.memoryBytes / 1_048_576) })}
            {...(metrics.memoryUsage >= HIGH_MEMORY && { tone: 'warn' as const })}
          />
          <Tile
            title={t('metrics.cpu')}
            value={percent(metrics.cpuUsage)}
            note={t('metrics.instances', { count: metrics.instances })}
            {...(metrics.cpuUsage >= HIGH_CPU && { tone: 'warn' as const })}
          />
        </dl>
      )}
    </Loaded>
  )
}
