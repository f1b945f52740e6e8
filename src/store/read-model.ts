import type { AnyBulkWriteOperation, Collection, Db, Document } from 'mongodb'
import { type BucketChanges, differenceOf } from '../domain/bucket.js'
import type { Log } from '../domain/log.js'
import { type CountedOrder, countedOrderOf, talliesOfOrder } from '../domain/order-tallies.js'
import type { OrderDocument, Positions, ReadModel } from '../processors/record/ports.js'
import { type Counted, countedBefore, countInBuckets, type LogCount, logCountOf, talliesOfLogCount } from './buckets.js'
import { isDuplicateKey } from './duplicate-key.js'
import { fromLogDocument, type LogDocument, toLogFields } from './log-document.js'
import { logCollection } from './logs.js'
import { fromStoredMenu, menuCollection, type StoredMenu, toStoredMenu } from './menus.js'
import { fromStoredOrder, orderCollection, type StoredOrder, toStoredOrder } from './orders.js'

/** Who writes the read model, and how far it has got: one document, so that the two cannot disagree. */
type LeaseDocument = {
  _id: 'record'
  holder: string
  epoch: number
  until: Date
  webhooks: number
  activity: number
  /** Where the batch that is being written ends: one that was cut short is written again with the same bounds. */
  batchEnd?: Positions
}

const LEASE = 'record'

/** The read model for its one writer. Writes are fenced by the lease's epoch, which grows with every change of holder. */
export function createReadModel(db: Db, now: () => Date): ReadModel {
  const leases = db.collection<LeaseDocument>('leases')
  const logs = logCollection(db)
  const orders = orderCollection(db)
  const menus = menuCollection(db)
  return {
    acquireLease: (holder, ttlMs) => acquireLease(leases, holder, ttlMs, now()),
    releaseLease: async (holder) => {
      await leases.updateOne({ _id: LEASE, holder }, { $set: { until: new Date(0) } })
    },
    readPositions: async () => {
      const lease = await leases.findOne({ _id: LEASE })
      return { webhooks: lease?.webhooks ?? 0, activity: lease?.activity ?? 0 }
    },
    readBatchEnd: async () => {
      const lease = await leases.findOne({ _id: LEASE })
      if (lease?.batchEnd === undefined) return null
      return numberOf(lease.batchEnd) > numberOf(lease) ? lease.batchEnd : null
    },
    loadLogs: async (ids) => {
      const documents = await logs
        .find({ _id: { $in: [...ids] } }, { projection: { payload: 0, counted: 0 } })
        .toArray()
      return new Map(documents.map((document) => [document._id, fromLogDocument(document)]))
    },
    loadOrders: async (ids) => {
      const documents = await orders.find({ _id: { $in: [...ids] } }).toArray()
      return new Map(documents.map((document) => [document._id, fromStoredOrder(document)]))
    },
    loadMenus: async (ids) => {
      const documents = await menus.find({ _id: { $in: [...ids] } }).toArray()
      return new Map(documents.map((document) => [document._id, fromStoredMenu(document)]))
    },
    writeBatch: async (batch) => {
      if (!(await begin(leases, batch))) return 'fenced'
      const { epoch } = batch
      const number = numberOf(batch.positions)
      const counts = await readCounts(logs, batch.logs, number)
      const orderCounts = await readOrderCounts(orders, batch.orders, number)
      const isOurs =
        (await writeAll(
          logs,
          batch.logs.map((log) => logUpsert(log, epoch, { through: number, before: counts.get(log.id) ?? null })),
        )) &&
        (await writeAll(
          orders,
          batch.orders.map((order) => {
            const before = orderCounts.get(order.id) ?? null
            const counted = { through: number, before, now: orderCountOf(order) }
            return upsert(order.id, { ...toStoredOrder(order, epoch), counted }, epoch)
          }),
        )) &&
        (await writeAll(
          menus,
          batch.menus.map((menu) => upsert(menu.id, toStoredMenu(menu, epoch), epoch)),
        ))
      if (!isOurs) return 'fenced'
      await countInBuckets(db, changesOf(batch, counts, orderCounts), number)
      return moveOn(leases, batch)
    },
  }
}

async function acquireLease(
  leases: Collection<LeaseDocument>,
  holder: string,
  ttlMs: number,
  at: Date,
): Promise<{ readonly epoch: number } | null> {
  const until = new Date(at.getTime() + ttlMs)
  const renewed = await leases.findOneAndUpdate(
    { _id: LEASE, holder, until: { $gte: at } },
    { $set: { until } },
    { returnDocument: 'after' },
  )
  if (renewed !== null) return { epoch: renewed.epoch }
  try {
    const taken = await leases.findOneAndUpdate(
      { _id: LEASE, until: { $lt: at } },
      { $set: { holder, until }, $inc: { epoch: 1, webhooks: 0, activity: 0 } },
      { returnDocument: 'after', upsert: true },
    )
    return taken === null ? null : { epoch: taken.epoch }
  } catch (error) {
    // The lease exists and another holds it.
    if (isDuplicateKey(error)) return null
    throw error
  }
}

/**
 * Says where the batch ends before anything of it is written. It also spares a writer that has lost the lease, or reads
 * from a place the database is not at, the writing. The fence is each document's own epoch: a takeover may come between
 * this and the writes.
 */
async function begin(
  leases: Collection<LeaseDocument>,
  { epoch, from, positions }: { readonly epoch: number; readonly from: Positions; readonly positions: Positions },
): Promise<boolean> {
  const begun = await leases.updateOne(
    { _id: LEASE, epoch, webhooks: from.webhooks, activity: from.activity },
    { $set: { batchEnd: { webhooks: positions.webhooks, activity: positions.activity } } },
  )
  return begun.matchedCount === 1
}

/** Grows with every batch, and is the same when a batch is written again. */
function numberOf({ webhooks, activity }: Positions): number {
  return webhooks + activity
}

/** What the logs of a batch counted as before it. */
async function readCounts(
  collection: Collection<LogDocument>,
  logs: readonly Log[],
  batch: number,
): Promise<ReadonlyMap<string, LogCount | null>> {
  if (logs.length === 0) return new Map()
  const projection = { provider: 1, clientId: 1, status: 1, responseTime: 1, timestamp: 1, counted: 1 }
  const stored = await collection
    .find<LogCount & { _id: string; counted?: Counted<LogCount> }>(
      { _id: { $in: logs.map(({ id }) => id) } },
      { projection },
    )
    .toArray()
  return new Map(
    stored.map(({ _id, counted, ...now }) => [_id, countedBefore({ ...(counted && { counted }), now }, batch)]),
  )
}

/** What the orders of a batch counted as before it. */
async function readOrderCounts(
  collection: Collection<StoredOrder>,
  orders: readonly OrderDocument[],
  batch: number,
): Promise<ReadonlyMap<string, CountedOrder | null>> {
  if (orders.length === 0) return new Map()
  const stored = await collection
    .find<Pick<StoredOrder, '_id' | 'counted'>>(
      { _id: { $in: orders.map(({ id }) => id) } },
      { projection: { counted: 1 } },
    )
    .toArray()
  return new Map(
    stored.map(({ _id, counted }) => [
      _id,
      countedBefore({ ...(counted && { counted }), now: counted?.now ?? null }, batch),
    ]),
  )
}

function orderCountOf({ snapshot, status, changes }: OrderDocument): CountedOrder | null {
  return countedOrderOf(snapshot, status, changes)
}

type CountedBatch = { readonly logs: readonly Log[]; readonly orders: readonly OrderDocument[] }

function changesOf(
  { logs, orders }: CountedBatch,
  counts: ReadonlyMap<string, LogCount | null>,
  orderCounts: ReadonlyMap<string, CountedOrder | null>,
): BucketChanges {
  return differenceOf(
    [
      ...logs.flatMap(({ id }) => talliesOfLogCount(counts.get(id) ?? null)),
      ...orders.flatMap(({ id }) => talliesOfOrder(orderCounts.get(id) ?? null)),
    ],
    [
      ...logs.flatMap((log) => talliesOfLogCount(logCountOf(log))),
      ...orders.flatMap((order) => talliesOfOrder(orderCountOf(order))),
    ],
  )
}

/** The position moves only from where the batch began, and only for the lease's own holder. */
async function moveOn(
  leases: Collection<LeaseDocument>,
  batch: { readonly epoch: number; readonly from: Positions; readonly positions: Positions },
): Promise<'written' | 'fenced'> {
  const { webhooks, activity } = batch.from
  const moved = await leases.updateOne(
    { _id: LEASE, epoch: batch.epoch, webhooks, activity },
    { $set: { ...batch.positions } },
  )
  return moved.matchedCount === 1 ? 'written' : 'fenced'
}

/** False when a document belongs to a later writer: its filter then matches nothing, and the upsert collides. */
async function writeAll<T extends Document>(
  collection: Collection<T>,
  operations: AnyBulkWriteOperation<T>[],
): Promise<boolean> {
  if (operations.length === 0) return true
  try {
    await collection.bulkWrite(operations, { ordered: false })
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

function logUpsert(log: Log, epoch: number, counted: Counted<LogCount>): AnyBulkWriteOperation<LogDocument> {
  const fields = { ...toLogFields(log, epoch), counted }
  const update =
    log.payload === null
      ? { $set: fields, $setOnInsert: { payload: null } }
      : { $set: { ...fields, payload: log.payload } }
  return { updateOne: { filter: { _id: log.id, epoch: { $lte: epoch } }, update, upsert: true } }
}

/** Only over what an earlier writer, or this one, wrote: a later one's document is collided with. */
function upsert<T extends StoredOrder | StoredMenu>(
  id: string,
  fields: Omit<T, '_id'>,
  epoch: number,
): AnyBulkWriteOperation<T> {
  const operation = { filter: { _id: id, epoch: { $lte: epoch } }, update: { $set: fields }, upsert: true }
  // The driver's types do not see through the parameter; both kinds of document have these two fields.
  return { updateOne: operation } as unknown as AnyBulkWriteOperation<T>
}
