import type { Db } from 'mongodb'
import type { ProviderName } from '../domain/provider.js'
import type { ProviderCount, RetryStats, StatsCount, StatsReader } from '../graph/ports.js'
import { fromLogDocument } from './log-document.js'
import { logCollection, toFilter } from './logs.js'

const RECENT = 10
/** A retry that is later than this is overdue: something is wrong. */
const OVERDUE_MS = 60_000

type Counted = { _id: { provider: string; status: string }; count: number; timed: number; time: number }

/** Counts straight from the logs, over the indexed range: equal to a recount because it is one. */
export function createStatsReader(db: Db): StatsReader {
  const logs = logCollection(db)
  return {
    readStats: async ({ provider, clientId, since }) => {
      const filter = toFilter({ ...(provider && { provider }), ...(clientId && { clientId }), startDate: since })
      const [counted, recent] = await Promise.all([
        logs
          .aggregate<Counted>([
            { $match: filter },
            {
              $group: {
                _id: { provider: '$provider', status: '$status' },
                count: { $sum: 1 },
                timed: { $sum: { $cond: [{ $eq: ['$responseTime', null] }, 0, 1] } },
                time: { $sum: '$responseTime' },
              },
            },
          ])
          .toArray(),
        logs.find(filter).sort({ timestamp: -1, _id: -1 }).limit(RECENT).toArray(),
      ])
      return { ...sum(counted), recentEvents: recent.map(fromLogDocument) }
    },
  }
}

function sum(rows: readonly Counted[]): Omit<StatsCount, 'recentEvents'> {
  const providers: Record<ProviderName, ProviderCount> = {}
  const of = (status: string, among: readonly Counted[] = rows): number =>
    among.filter(({ _id }) => _id.status === status).reduce((total, { count }) => total + count, 0)
  for (const name of new Set(rows.map(({ _id }) => _id.provider))) {
    const among = rows.filter(({ _id }) => _id.provider === name)
    providers[name] = {
      total: of('success', among) + of('failed', among),
      successful: of('success', among),
      failed: of('failed', among),
    }
  }
  const timed = rows.reduce((total, row) => total + row.timed, 0)
  const time = rows.reduce((total, row) => total + row.time, 0)
  return {
    total: of('success') + of('failed'),
    successful: of('success'),
    failed: of('failed'),
    pending: of('pending'),
    avgResponseTime: timed === 0 ? 0 : Math.round(time / timed),
    providers,
  }
}

/** What waits for its next attempt, and what retries have come to. */
export function createRetryStatsReader(db: Db) {
  const logs = logCollection(db)
  return {
    readRetryStats: async ({ clientId }: { readonly clientId?: string }, now: string): Promise<RetryStats> => {
      const client = clientId === undefined ? {} : { clientId }
      const overdueBefore = new Date(Date.parse(now) - OVERDUE_MS)
      const [scheduled, overdue, next, dead, recovered] = await Promise.all([
        logs.countDocuments({ ...client, stage: 'retrying' }),
        logs.countDocuments({ ...client, stage: 'retrying', nextAttemptAt: { $lt: overdueBefore } }),
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
