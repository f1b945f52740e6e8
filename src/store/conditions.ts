import type { Db } from 'mongodb'
import { bucketId, SPANS, startOf } from '../domain/bucket.js'
import type { ProviderName } from '../domain/provider.js'
import { bucketCollection, type ProviderNumbers } from './buckets.js'
import { logCollection, overdueAt } from './logs.js'
import { orderCollection } from './orders.js'

/** An order must be accepted within this time, or it is at risk. */
const AT_RISK_MS = 60_000
/** An order that was not accepted in time is lost, and after a while nobody's worry any more. */
const LOST_MS = 15 * 60_000
const BASELINE_WEEKS = 4
const WEEK_MS = 7 * SPANS.day

export type SilentStore = {
  readonly clientId: string
  readonly provider: ProviderName
  /** Events that usually come in this hour of the week; 0 where some came in the last hour. */
  readonly missing: number
}

/** What the database knows that an operator should. */
export type Conditions = {
  countOverdueRetries(nowMs: number): Promise<number>
  /** Orders that nobody accepted and that must be within a minute, or are late already, by client. */
  countOrdersAtRisk(nowMs: number): Promise<ReadonlyMap<string, number>>
  /** Each client and platform against its own mean of this hour in the last four weeks. */
  findSilentStores(clientIds: readonly string[], nowMs: number): Promise<readonly SilentStore[]>
}

export function createConditions(db: Db): Conditions {
  return {
    countOverdueRetries: (nowMs) => logCollection(db).countDocuments(overdueAt(nowMs)),
    countOrdersAtRisk: async (nowMs) => {
      const acceptBy = { $gt: new Date(nowMs - LOST_MS), $lt: new Date(nowMs + AT_RISK_MS) }
      const rows = await orderCollection(db)
        .aggregate<{ _id: string; count: number }>([
          { $match: { status: 'pending', acceptBy } },
          { $group: { _id: '$clientId', count: { $sum: 1 } } },
        ])
        .toArray()
      return new Map(rows.map(({ _id, count }) => [_id, count]))
    },
    findSilentStores: async (clientIds, nowMs) => {
      const found = await Promise.all(clientIds.map((clientId) => silenceOf(db, clientId, nowMs)))
      return found.flat()
    },
  }
}

async function silenceOf(db: Db, clientId: string, nowMs: number): Promise<readonly SilentStore[]> {
  // The last hour that is over: this one has only begun.
  const hour = startOf('hour', nowMs) - SPANS.hour
  const weeksAgo = Array.from({ length: BASELINE_WEEKS }, (_, index) =>
    bucketId('logs', 'hour', clientId, hour - (index + 1) * WEEK_MS),
  )
  const recent = [hour, hour + SPANS.hour].map((at) => bucketId('logs', 'hour', clientId, at))
  const documents = await bucketCollection(db)
    .find({ _id: { $in: [...weeksAgo, ...recent] } })
    .toArray()
  const total = (ids: readonly string[], provider: ProviderName): number =>
    documents.filter(({ _id }) => ids.includes(_id)).reduce((sum, each) => sum + countOf(each.counts?.[provider]), 0)
  const providers = new Set(documents.flatMap(({ counts = {} }) => Object.keys(counts)))
  return [...providers].map((provider) => {
    const usual = total(weeksAgo, provider) / BASELINE_WEEKS
    return { clientId, provider, missing: total(recent, provider) === 0 ? usual : 0 }
  })
}

function countOf({ success = 0, failed = 0, pending = 0 }: ProviderNumbers = {}): number {
  return success + failed + pending
}
