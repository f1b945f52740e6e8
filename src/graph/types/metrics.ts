import type { RealtimeMetrics } from '../../domain/realtime-metrics.js'
import type { Viewer } from '../auth.js'
import type { Builder } from '../builder.js'
import { ApiError } from '../errors.js'
import { AGGREGATE_COST } from '../limits.js'
import { checkInterval } from '../operations/interval.js'
import { poll } from '../operations/poll.js'

/** `metrics`, as a query and as a subscription, and `metricsHistory`. */
export function defineMetrics(builder: Builder): void {
  const metrics = builder.objectRef<RealtimeMetrics>('RealtimeMetrics').implement({
    description: 'All instances together, over the last ten seconds. Shares are 0…1, times milliseconds',
    fields: (t) => ({
      at: t.expose('at', { type: 'DateTime' }),
      instances: t.exposeInt('instances', { description: 'Processes that have told of themselves' }),
      currentRPS: t.exposeFloat('currentRPS', { description: 'Webhooks answered a second' }),
      avgResponseTime: t.exposeFloat('avgResponseTime', { description: 'Of a webhook, until it is answered' }),
      activeConnections: t.exposeInt('activeConnections', { description: 'Open GraphQL sockets' }),
      queueDepth: t.exposeInt('queueDepth', {
        description: 'Events and deliveries that wait for a worker or are in its hands',
      }),
      errorRate: t.exposeFloat('errorRate', { description: 'Share of webhooks answered 4xx or 5xx' }),
      memoryUsage: t.exposeFloat('memoryUsage', {
        description: 'Share of its memory limit that the instance closest to it uses',
      }),
      cpuUsage: t.exposeFloat('cpuUsage', { description: 'Share of its CPUs that the busiest instance uses' }),
      memoryBytes: t.exposeFloat('memoryBytes', { description: 'Of all instances' }),
      deliveriesPerSecond: t.exposeFloat('deliveriesPerSecond', { description: 'Delivery attempts a second' }),
      avgDeliveryTime: t.exposeFloat('avgDeliveryTime', { description: 'Of a delivery attempt' }),
      p50DeliveryTime: t.exposeFloat('p50DeliveryTime', {
        nullable: true,
        description: 'Within 2 %; null where nothing was tried',
      }),
      p95DeliveryTime: t.exposeFloat('p95DeliveryTime', { nullable: true }),
      deliveryErrorRate: t.exposeFloat('deliveryErrorRate', { description: 'Share of attempts that did not deliver' }),
      deadLetters: t.exposeInt('deadLetters', { description: 'Deliveries given up that are still kept' }),
    }),
  })
  builder.queryFields((t) => ({
    metrics: t.field({
      type: metrics,
      resolve: (_, __, { viewer, ports }) => {
        requireWholeView(viewer)
        return ports.metrics.readMetrics()
      },
    }),
    metricsHistory: t.field({
      type: [metrics],
      description: 'What `metrics` said every ten seconds, oldest first: what a chart begins with',
      args: { minutes: t.arg.int({ required: true, defaultValue: 15, description: '1 to 60' }) },
      resolve: async (_, { minutes }, { viewer, ports, budget }) => {
        requireWholeView(viewer)
        budget.charge(AGGREGATE_COST)
        return [...(await ports.metrics.readMetricsHistory(ports.now().getTime() - checkMinutes(minutes) * 60_000))]
      },
    }),
  }))
  builder.subscriptionFields((t) => ({
    metrics: t.field({
      type: metrics,
      args: { intervalMs: t.arg.int({ required: true, defaultValue: 1_000 }) },
      subscribe: (_, { intervalMs }, { viewer, ports }) => {
        requireWholeView(viewer)
        return poll(() => ports.metrics.readMetrics(), { intervalMs: checkInterval(intervalMs) })
      },
      resolve: (read) => read,
    }),
  }))
}

const MAX_MINUTES = 60

function checkMinutes(minutes: number): number {
  if (minutes < 1 || minutes > MAX_MINUTES) throw new ApiError('BAD_USER_INPUT', `minutes must be 1 to ${MAX_MINUTES}`)
  return minutes
}

/** They are of the whole installation, and so nothing for a token of one client. */
function requireWholeView(viewer: Viewer): void {
  if (viewer.client !== undefined)
    throw new ApiError('FORBIDDEN', 'Metrics are of the whole installation; this token is of one client')
}
