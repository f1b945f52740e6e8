import { BUCKET_DAYS, type Span } from '../../domain/bucket.js'
import { pause } from '../../lib/wait.js'

/** What is kept, and for how long. Days; null: as long as the log itself. */
export type RetentionPolicy = {
  readonly logDays: number
  readonly payloadDays: number | null
  readonly customerDataDays: number | null
  /** Paths in an order whose values are taken out when customer data is: `customer`, `address.text` … */
  readonly customerPaths: readonly string[]
}

/** What is past its time and still there; what must be 0 a while after a sweep. */
export type Expired = {
  readonly logs: number
  readonly payloads: number
  readonly customerData: number
  /** Of stats and analytics, each span by its own age (BUCKET_DAYS). */
  readonly buckets: number
}

/** The read model as retention sees it. Each call takes at most a batch and answers how many it was; doing it twice changes nothing. */
export type RetentionStore = {
  deleteLogs(before: Date): Promise<number>
  dropPayloads(before: Date): Promise<number>
  redactCustomers(before: Date, paths: readonly string[]): Promise<number>
  deleteBuckets(span: Span, before: Date): Promise<number>
  countExpired(before: {
    readonly logs: Date
    readonly payloads: Date | null
    readonly customers: Date | null
    readonly buckets: Readonly<Record<Span, Date>>
  }): Promise<Expired>
}

export type RetentionOptions = {
  readonly policy: RetentionPolicy
  now(): Date
  onSwept(removed: Expired, left: Expired): void
  onError(error: unknown): void
}

const DAY_MS = 86_400_000
const EVERY_MS = 60_000
/** Bounds one sweep; the next goes on. */
const MAX_BATCHES = 200

/**
 * Removes what is past its time, once a minute: the database need not know how to expire anything. Several processes may
 * do it at once.
 */
export function startRetention(store: RetentionStore, options: RetentionOptions): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const { removed, left } = await sweep(store, options, stopping.signal)
        options.onSwept(removed, left)
      } catch (error) {
        options.onError(error)
      }
      await pause(EVERY_MS, stopping.signal)
    }
  }
  const running = loop()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** One pass over everything that may have expired. */
export async function sweep(
  store: RetentionStore,
  { policy, now }: Pick<RetentionOptions, 'policy' | 'now'>,
  signal?: AbortSignal,
): Promise<{ readonly removed: Expired; readonly left: Expired }> {
  const before = (days: number): Date => new Date(now().getTime() - days * DAY_MS)
  const { logDays, payloadDays, customerDataDays, customerPaths } = policy
  const untilDone = async (step: () => Promise<number>): Promise<number> => {
    let sum = 0
    for (let batch = 0; batch < MAX_BATCHES && signal?.aborted !== true; batch += 1) {
      const count = await step()
      if (count === 0) break
      sum += count
    }
    return sum
  }
  const logs = await untilDone(() => store.deleteLogs(before(logDays)))
  const payloads = payloadDays === null ? 0 : await untilDone(() => store.dropPayloads(before(payloadDays)))
  const customerData =
    customerDataDays === null
      ? 0
      : await untilDone(() => store.redactCustomers(before(customerDataDays), customerPaths))
  const bucketsBefore = {
    minute: before(BUCKET_DAYS.minute),
    hour: before(BUCKET_DAYS.hour),
    day: before(BUCKET_DAYS.day),
  }
  let buckets = 0
  for (const span of ['minute', 'hour', 'day'] as const)
    buckets += await untilDone(() => store.deleteBuckets(span, bucketsBefore[span]))
  const left = await store.countExpired({
    logs: before(logDays),
    payloads: payloadDays === null ? null : before(payloadDays),
    customers: customerDataDays === null ? null : before(customerDataDays),
    buckets: bucketsBefore,
  })
  return { removed: { logs, payloads, customerData, buckets }, left }
}
