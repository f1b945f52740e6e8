import type { Db } from 'mongodb'
import { bucketId, SPANS, startOf } from '../domain/bucket.js'
import { storeOfKey } from '../domain/order-tallies.js'
import type { ProviderName } from '../domain/provider.js'
import { bucketCollection } from './buckets.js'
import { logCollection, overdueAt } from './logs.js'
import { orderCollection } from './orders.js'

/** An order must be accepted within this time, or it is at risk. */
const AT_RISK_MS = 60_000
/** An order that was not accepted in time is lost, and after a while nobody's worry any more. */
const LOST_MS = 15 * 60_000
const BASELINE_WEEKS = 4
const WEEK_MS = 7 * SPANS.day
/** Read together, six hours of each. */
const CLIENTS_AT_ONCE = 100
/** A platform that is down silences all its stores: more alerts than these tell nobody more. */
const MAX_SILENT = 500

/** A restaurant on a platform, and what it is short of. */
export type StoreSilence = {
  readonly clientId: string
  readonly provider: ProviderName
  readonly storeRef: string | null
  /** Orders that usually come in this hour of the week, where none came in the last hour; 0 where some did. */
  readonly missing: number
}

/** What the database knows that an operator should. */
export type Conditions = {
  countOverdueRetries(nowMs: number): Promise<number>
  /** Orders that nobody accepted and that must be within a minute, or are late already, by client. */
  countOrdersAtRisk(nowMs: number): Promise<ReadonlyMap<string, number>>
  /**
   * Each store against its own mean of this hour in the last four weeks. One that is silent where fewer than
   * `atLeast` are usual is left out: nothing follows from it. Of the silent ones the 500 that miss most.
   */
  findSilentStores(clientIds: readonly string[], nowMs: number, atLeast: number): Promise<readonly StoreSilence[]>
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
    findSilentStores: async (clientIds, nowMs, atLeast) => {
      const silent: StoreSilence[] = []
      const heard: StoreSilence[] = []
      for (let first = 0; first < clientIds.length; first += CLIENTS_AT_ONCE) {
        for (const store of await storesOf(db, clientIds.slice(first, first + CLIENTS_AT_ONCE), nowMs)) {
          if (store.missing === 0) heard.push(store)
          else if (store.missing >= atLeast) silent.push(store)
        }
      }
      return [...heard, ...silent.sort((one, other) => other.missing - one.missing).slice(0, MAX_SILENT)]
    },
  }
}

async function storesOf(db: Db, clientIds: readonly string[], nowMs: number): Promise<readonly StoreSilence[]> {
  // The last hour that is over: this one has only begun.
  const hour = startOf('hour', nowMs) - SPANS.hour
  const weeksAgo = Array.from({ length: BASELINE_WEEKS }, (_, index) => hour - (index + 1) * WEEK_MS)
  const asked = new Map(
    clientIds.flatMap((clientId) =>
      [...weeksAgo, hour, hour + SPANS.hour].map((at) => [
        bucketId('orders', 'hour', clientId, at),
        { clientId, isRecent: at >= hour },
      ]),
    ),
  )
  const stores = new Map<string, { readonly clientId: string; readonly key: string; before: number; recent: number }>()
  for await (const { _id, stores: numbers = {} } of bucketCollection(db).find({ _id: { $in: [...asked.keys()] } })) {
    const { clientId, isRecent } = asked.get(_id) ?? { clientId: '', isRecent: false }
    for (const [key, { orders = 0 }] of Object.entries(numbers)) {
      const store = stores.get(`${clientId} ${key}`) ?? { clientId, key, before: 0, recent: 0 }
      if (isRecent) store.recent += orders
      else store.before += orders
      stores.set(`${clientId} ${key}`, store)
    }
  }
  return [...stores.values()].map(({ clientId, key, before, recent }) => ({
    clientId,
    ...storeOfKey(key),
    missing: recent > 0 ? 0 : before / BASELINE_WEEKS,
  }))
}
