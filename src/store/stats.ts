import type { Db } from 'mongodb'
import { ALL_CLIENTS, bucketId, SPANS, type Span, startOf } from '../domain/bucket.js'
import { type Histogram, quantile } from '../domain/histogram.js'
import type { ProviderName } from '../domain/provider.js'
import type { LogCounts, ProviderCount, RetryStats, StatsCount, StatsReader } from '../graph/ports.js'
import { bucketCollection, type ProviderNumbers, type Slots } from './buckets.js'
import { logCollection, overdueAt } from './logs.js'

type Filter = Parameters<StatsReader['readStats']>[0]
type ProviderCounts = { readonly provider: ProviderName } & ProviderNumbers
type Numbers = { readonly at: number; readonly counts: readonly ProviderCounts[]; readonly times: Slots }

/** Adds buckets up: at most a couple of hundred of them, however many logs there are. */
export function createStatsReader(db: Db): StatsReader {
  const buckets = bucketCollection(db)
  return {
    readStats: async (filter) => {
      const { provider, clientId } = filter
      const scope = clientId ?? ALL_CLIENTS
      const starts = new Map(spansOf(filter).map(({ span, at }) => [bucketId('logs', span, scope, at), at]))
      const times = provider === undefined ? 'allTimes' : `times.${provider}`
      const projection = { counts: 1, [times]: 1 }
      const documents = await buckets.find({ _id: { $in: [...starts.keys()] } }, { projection }).toArray()
      const numbers = documents.map((document): Numbers => {
        const counts = Object.entries(document.counts ?? {}).map(([name, each]) => ({ provider: name, ...each }))
        return {
          at: starts.get(document._id) ?? 0,
          counts: provider === undefined ? counts : counts.filter((each) => each.provider === provider),
          times: (provider === undefined ? document.allTimes : document.times?.[provider]) ?? {},
        }
      })
      return { ...countsOf(numbers), providers: providersOf(numbers), series: seriesOf(numbers, filter) }
    },
  }
}

/**
 * The buckets that cover a range exactly: coarse ones inside, finer ones up to the first boundary of the next coarser
 * span. Nothing is received after `until` but by a clock that is ahead, so the last bucket may reach beyond it.
 */
export function spansOf({
  since,
  until,
  step,
  grain,
}: Pick<Filter, 'since' | 'until' | 'step' | 'grain'>): readonly { readonly span: Span; readonly at: number }[] {
  const end = Date.parse(until) + CLOCK_SKEW_MS
  const spans: { span: Span; at: number }[] = []
  let at = startOf(grain, Date.parse(since))
  const order: readonly Span[] = ['minute', 'hour', 'day']
  const usable = order.slice(order.indexOf(grain), order.indexOf(step) + 1)
  while (at <= end) {
    const span = usable.findLast((each) => startOf(each, at) === at) ?? grain
    spans.push({ span, at })
    at += SPANS[span]
  }
  return spans
}

/** Another process's clock may be ahead of ours by this much. */
const CLOCK_SKEW_MS = 60_000

function countsOf(numbers: readonly Numbers[]): LogCounts {
  const counts = numbers.flatMap((each) => each.counts)
  const times = addSlots(numbers.map((each) => each.times))
  const at = (q: number): number | null => {
    const value = quantile(times, q)
    return value === null ? null : Math.round(value)
  }
  const timed = [...times.values()].reduce((total, count) => total + count, 0)
  return {
    ...sumOf(counts),
    avgResponseTime: timed === 0 ? 0 : Math.round(sum(counts, 'time') / timed),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  }
}

function sumOf(counts: readonly ProviderNumbers[]): ProviderCount & Pick<LogCounts, 'pending'> {
  const [successful, failed, pending] = [sum(counts, 'success'), sum(counts, 'failed'), sum(counts, 'pending')]
  return { total: successful + failed, successful, failed, pending }
}

function sum(counts: readonly ProviderNumbers[], name: keyof ProviderNumbers): number {
  return counts.reduce((total, each) => total + (each[name] ?? 0), 0)
}

/** Slot by slot into one map: this is most of the time that reading stats takes. */
function addSlots(histograms: readonly Slots[]): Histogram {
  const total = new Map<number, number>()
  for (const slots of histograms)
    for (const slot in slots) total.set(Number(slot), (total.get(Number(slot)) ?? 0) + (slots[slot] ?? 0))
  return total
}

function providersOf(numbers: readonly Numbers[]): Readonly<Record<ProviderName, ProviderCount>> {
  const among = groupBy(
    numbers.flatMap(({ counts }) => counts),
    ({ provider }) => provider,
  )
  const counted = [...among].map(([provider, counts]) => ({ provider, ...sumOf(counts) }))
  return Object.fromEntries(
    counted
      .filter(({ total, pending }) => total + pending > 0)
      .map(({ provider, total, successful, failed }) => [provider, { total, successful, failed }]),
  )
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

function seriesOf(numbers: readonly Numbers[], { since, until, step }: Filter): StatsCount['series'] {
  const points = groupBy(numbers, ({ at }) => startOf(step, at))
  const series: StatsCount['series'][number][] = []
  for (let at = startOf(step, Date.parse(since)); at <= Date.parse(until); at += SPANS[step])
    series.push({ at: new Date(at).toISOString(), ...countsOf(points.get(at) ?? []) })
  return series
}

/** What waits for its next attempt, and what retries have come to. */
export function createRetryStatsReader(db: Db) {
  const logs = logCollection(db)
  return {
    readRetryStats: async ({ clientId }: { readonly clientId?: string }, now: string): Promise<RetryStats> => {
      const client = clientId === undefined ? {} : { clientId }
      const [scheduled, overdue, next, dead, recovered] = await Promise.all([
        logs.countDocuments({ ...client, stage: 'retrying' }),
        logs.countDocuments({ ...client, ...overdueAt(Date.parse(now)) }),
        logs
          .find({ ...client, stage: 'retrying' })
          .sort({ nextAttemptAt: 1 })
          .limit(1)
          .toArray(),
        logs.countDocuments({ ...client, stage: 'dead' }),
        logs.countDocuments({ ...client, stage: 'delivered', 'attempts.result': { $in: ['retrying', 'dead'] } }),
      ])
      return { scheduled, overdue, nextDueAt: next[0]?.nextAttemptAt?.toISOString() ?? null, dead, recovered }
    },
  }
}
