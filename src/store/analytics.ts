import type { Db } from 'mongodb'
import { ALL_CLIENTS, bucketId, SPANS, type Span, startOf } from '../domain/bucket.js'
import { storeOfKey } from '../domain/order-tallies.js'
import type { AnalyticsReader, StoreHour } from '../graph/ports.js'
import { bucketCollection } from './buckets.js'

/** Reads what stores' orders came to by the hour or the day. */
export function createAnalyticsReader(db: Db): AnalyticsReader {
  const buckets = bucketCollection(db)
  return {
    readOrders: async ({ clientId, since, until, step }) => {
      const starts = new Map(
        startsOf(step, Date.parse(since), Date.parse(until)).map((at) => [
          bucketId('orders', step, clientId ?? ALL_CLIENTS, at),
          at,
        ]),
      )
      const documents = await buckets.find({ _id: { $in: [...starts.keys()] } }).toArray()
      return documents.flatMap(({ _id, stores = {} }) =>
        Object.entries(stores).map(([key, numbers]): StoreHour => {
          const { orders = 0, accepted = 0, rejected = 0, cancelled = 0, failed = 0, acceptTimes, revenue } = numbers
          return {
            at: new Date(starts.get(_id) ?? 0).toISOString(),
            ...storeOfKey(key),
            orders,
            accepted,
            rejected,
            cancelled,
            failed,
            acceptTimes: new Map(Object.entries(acceptTimes ?? {}).map(([bucket, count]) => [Number(bucket), count])),
            revenue: Object.entries(revenue ?? {}).map(([currency, amount]) => ({ currency, amount })),
          }
        }),
      )
    },
  }
}

function startsOf(step: Span, sinceMs: number, untilMs: number): readonly number[] {
  const first = startOf(step, sinceMs)
  const count = Math.floor((untilMs - first) / SPANS[step]) + 1
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * SPANS[step])
}
