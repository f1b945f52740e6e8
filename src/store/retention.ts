import type { Db, Filter } from 'mongodb'
import type { Span } from '../domain/bucket.js'
import type { CanonicalEvent } from '../domain/event.js'
import type { Order } from '../domain/order.js'
import { redactPaths } from '../domain/redact.js'
import type { RetentionStore } from '../processors/retention/retention.js'
import { bucketCollection } from './buckets.js'
import type { LogDocument } from './log-document.js'
import { logCollection } from './logs.js'
import { orderCollection } from './orders.js'

const BATCH = 500

/** Takes out of logs and orders what is past its time, a batch at a time, oldest first. */
export function createRetentionStore(db: Db): RetentionStore {
  const logs = logCollection(db)
  const orders = orderCollection(db)
  const buckets = bucketCollection(db)
  const expiredPayload = (before: Date): Filter<LogDocument> => ({
    timestamp: { $lt: before },
    payload: { $ne: null },
  })
  const withCustomer = (before: Date): Filter<LogDocument> => ({
    timestamp: { $lt: before },
    canonical: { $ne: null },
    isRedacted: { $ne: true },
  })
  return {
    deleteLogs: async (before) => {
      const expired = { timestamp: { $lt: before } }
      const ids = await logs
        .find(expired, { projection: { _id: 1 } })
        .sort({ timestamp: 1 })
        .limit(BATCH)
        .toArray()
      if (ids.length === 0) return 0
      return (await logs.deleteMany({ _id: { $in: ids.map(({ _id }) => _id) } })).deletedCount
    },
    dropPayloads: async (before) => {
      const ids = await logs
        .find(expiredPayload(before), { projection: { _id: 1 } })
        .limit(BATCH)
        .toArray()
      if (ids.length === 0) return 0
      await logs.updateMany({ _id: { $in: ids.map(({ _id }) => _id) } }, { $set: { payload: null } })
      return ids.length
    },
    redactCustomers: async (before, paths) => {
      const found = await logs
        .find(withCustomer(before), { projection: { canonical: 1, orderId: 1 } })
        .limit(BATCH)
        .toArray()
      if (found.length === 0) return 0
      const orderIds = found.flatMap(({ orderId }) => orderId ?? [])
      const stored = await orders.find({ _id: { $in: orderIds } }, { projection: { snapshot: 1 } }).toArray()
      for (const { _id, snapshot } of stored) {
        if (snapshot === null) continue
        // Our own text, written by toStoredOrder.
        const redacted = JSON.stringify(redactPaths(JSON.parse(snapshot) as Order, paths))
        if (redacted !== snapshot) await orders.updateOne({ _id, snapshot }, { $set: { snapshot: redacted } })
      }
      await logs.bulkWrite(
        found.map(({ _id, canonical }) => ({
          updateOne: {
            filter: { _id },
            // The payload has the customer in the platform's own words: it goes with it.
            update: { $set: { canonical: redactEvent(canonical ?? 'null', paths), payload: null, isRedacted: true } },
          },
        })),
        { ordered: false },
      )
      return found.length
    },
    deleteBuckets: async (span, before) => {
      const ids = await buckets
        .find({ span, startsAt: { $lt: before } }, { projection: { _id: 1 } })
        .limit(BATCH)
        .toArray()
      if (ids.length === 0) return 0
      return (await buckets.deleteMany({ _id: { $in: ids.map(({ _id }) => _id) } })).deletedCount
    },
    countExpired: async (before) => ({
      logs: await logs.countDocuments({ timestamp: { $lt: before.logs } }),
      payloads: before.payloads === null ? 0 : await logs.countDocuments(expiredPayload(before.payloads)),
      customerData: before.customers === null ? 0 : await logs.countDocuments(withCustomer(before.customers)),
      buckets: await buckets.countDocuments({
        $or: Object.entries(before.buckets).map(([span, at]) => ({ span: span as Span, startsAt: { $lt: at } })),
      }),
    }),
  }
}

function redactEvent(canonical: string, paths: readonly string[]): string {
  // Our own text, written by toLogFields.
  const event = JSON.parse(canonical) as CanonicalEvent | null
  return JSON.stringify(
    redactPaths(
      event,
      paths.map((path) => `data.order.${path}`),
    ),
  )
}
