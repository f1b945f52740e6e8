import { z } from 'zod'
import { addHistograms, type Histogram, quantile } from './histogram.js'
import type { RealtimeMetrics } from './realtime-metrics.js'

/**
 * What one process tells of itself every second. Counts are since it started, so that a sample lost on the way (they are
 * not stored) costs precision and nothing else.
 */
export const instanceSampleSchema = z
  .object({
    v: z.literal(1),
    instance: z.string(),
    atMs: z.number(),
    /** Webhooks answered, those answered 4xx or 5xx, and the milliseconds all of them took. */
    requests: z.number(),
    failedRequests: z.number(),
    requestMs: z.number(),
    /** Delivery attempts, those that did not deliver, and the milliseconds all of them took. */
    attempts: z.number(),
    failedAttempts: z.number(),
    attemptMs: z.number(),
    /** Delivery attempts by the bucket of the milliseconds they took (`histogram.ts`); an earlier version tells none. */
    attemptTimes: z.record(z.string(), z.number()).default({}),
    /** Open GraphQL sockets. */
    connections: z.number(),
    memoryBytes: z.number(),
    memoryLimitBytes: z.number(),
    /** Share of the CPUs it may use, 0…1, over the last second. */
    cpu: z.number(),
  })
  .readonly()
export type InstanceSample = z.infer<typeof instanceSampleSchema>

/** What the samples of all instances tell together; queues are read from the streams. */
export type Together = Omit<RealtimeMetrics, 'at' | 'queueDepth' | 'deadLetters'>

const WINDOW_MS = 10_000
/** An instance that has not told of itself for longer is gone. */
const SILENT_MS = 5_000

/** Keeps the last seconds of every instance's samples and adds them up. */
export function createTogether(): {
  take(sample: InstanceSample): void
  /** @param nowMs this process's clock when it asks; `take` stamps samples by arrival, for clocks differ */
  read(nowMs: number): Together
} {
  const histories = new Map<string, InstanceSample[]>()
  return {
    take: (sample) => {
      const known = histories.get(sample.instance) ?? []
      const kept = known.filter(({ atMs }) => atMs < sample.atMs && atMs >= sample.atMs - WINDOW_MS)
      histories.set(sample.instance, [...kept, sample])
    },
    read: (nowMs) => {
      for (const [instance, history] of histories)
        if ((history.at(-1)?.atMs ?? 0) < nowMs - SILENT_MS) histories.delete(instance)
      return addUp([...histories.values()])
    },
  }
}

type Count = 'requests' | 'failedRequests' | 'requestMs' | 'attempts' | 'failedAttempts' | 'attemptMs'

function addUp(histories: readonly (readonly InstanceSample[])[]): Together {
  const grown = (count: Count): number =>
    histories.reduce((sum, history) => sum + (history.at(-1)?.[count] ?? 0) - (history[0]?.[count] ?? 0), 0)
  const rate = (count: Count): number =>
    histories.reduce((sum, history) => {
      const seconds = ((history.at(-1)?.atMs ?? 0) - (history[0]?.atMs ?? 0)) / 1_000
      return seconds <= 0 ? sum : sum + ((history.at(-1)?.[count] ?? 0) - (history[0]?.[count] ?? 0)) / seconds
    }, 0)
  const last = histories.flatMap((history) => history.at(-1) ?? [])
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
  const times = addHistograms(histories.map(grownTimes))
  return {
    instances: last.length,
    currentRPS: rate('requests'),
    requests: grown('requests'),
    avgResponseTime: share(grown('requestMs'), grown('requests')),
    errorRate: share(grown('failedRequests'), grown('requests')),
    deliveriesPerSecond: rate('attempts'),
    avgDeliveryTime: share(grown('attemptMs'), grown('attempts')),
    p50DeliveryTime: quantile(times, 0.5),
    p95DeliveryTime: quantile(times, 0.95),
    deliveryErrorRate: share(grown('failedAttempts'), grown('attempts')),
    activeConnections: last.reduce((sum, { connections }) => sum + connections, 0),
    memoryUsage: Math.max(0, ...last.map(({ memoryBytes, memoryLimitBytes }) => share(memoryBytes, memoryLimitBytes))),
    memoryBytes: last.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    cpuUsage: Math.max(0, ...last.map(({ cpu }) => cpu)),
  }
}

function grownTimes(history: readonly InstanceSample[]): Histogram {
  const before = history[0]?.attemptTimes ?? {}
  const now = Object.entries(history.at(-1)?.attemptTimes ?? {})
  return new Map(now.map(([bucket, count]) => [Number(bucket), count - (before[bucket] ?? 0)]))
}
