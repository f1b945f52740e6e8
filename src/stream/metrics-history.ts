import { RequestStrategy } from 'nats'
import { type RealtimeMetrics, realtimeMetricsSchema } from '../domain/realtime-metrics.js'
import type { StreamConnection } from './connection.js'
import type { Topology } from './topology.js'

/** One reading is kept for each span of this length. */
export const METRICS_SPAN_MS = 10_000

/** Offers a reading for the span it is of; one that another process was first with is dropped by the stream. Rejects while JetStream is away. */
export async function offerMetrics(
  { js }: StreamConnection,
  { subjects }: Topology,
  metrics: RealtimeMetrics,
): Promise<void> {
  const subject = subjects.metricsOf(Math.floor(Date.parse(metrics.at) / METRICS_SPAN_MS))
  await js.publish(subject, JSON.stringify(metrics), { msgID: subject })
}

const TIMEOUT_MS = 5_000

/**
 * The readings of the last hour, oldest first: one request by the direct get API (ADR-31), at most 360 answers and an
 * empty one that ends them.
 */
export async function readMetricsHistory(
  { nc }: StreamConnection,
  { streams, subjects }: Topology,
): Promise<readonly RealtimeMetrics[]> {
  const request = JSON.stringify({ multi_last: [subjects.metrics] })
  const options = { strategy: RequestStrategy.SentinelMsg, maxWait: TIMEOUT_MS }
  const found: RealtimeMetrics[] = []
  for await (const { data } of await nc.requestMany(`$JS.API.DIRECT.GET.${streams.metrics.name}`, request, options)) {
    // The end, or that there is none.
    if (data.length === 0) break
    // Another version's, in the middle of an upgrade, is left out.
    const parsed = realtimeMetricsSchema.safeParse(JSON.parse(new TextDecoder().decode(data)))
    if (parsed.success) found.push(parsed.data)
  }
  return found.sort((one, other) => (one.at < other.at ? -1 : 1))
}
