import type { Db, Filter } from 'mongodb'
import type { Order } from '../domain/order.js'
import { foldOrder } from '../domain/order-state.js'
import type { CountedOrder } from '../domain/order-tallies.js'
import type { OrderFilter, OrderReader, OrderRecord } from '../graph/ports.js'
import type { OrderChangeEntry, OrderDocument } from '../processors/record/ports.js'
import type { Counted } from './buckets.js'
import { between, listPage } from './list-page.js'

/** An order as stored: its snapshot as text, for its keys are not ours alone; and what the queries need beside it. */
export type StoredOrder = Omit<OrderDocument, 'id' | 'snapshot' | 'changes'> & {
  readonly _id: string
  readonly snapshot: string | null
  readonly changes: OrderChangeEntry[]
  readonly epoch: number
  /** What analytics had of it before the batch that wrote it last, and have since. */
  readonly counted?: Counted<CountedOrder> & { readonly now: CountedOrder | null }
  /** Null, as all that follow, while only statuses came. */
  readonly provider: string | null
  readonly storeRef: string | null
  readonly placedAt: Date | null
  readonly acceptBy: Date | null
  readonly displayCode: string | null
  /** The platform's ids and codes of it, to find it by. */
  readonly references: string[]
}

export function orderCollection(db: Db) {
  return db.collection<StoredOrder>('orders')
}

/** Reads orders, newest first by (placedAt, id). */
export function createOrderReader(db: Db): OrderReader {
  const orders = orderCollection(db)
  return {
    findOrders: async (ids) => (await orders.find({ _id: { $in: [...ids] } }).toArray()).flatMap(toRecord),
    listOrders: async (filter, page) => {
      const { items, hasMore } = await listPage(orders, toOrderFilter(filter), page, 'placedAt')
      return { items: items.flatMap(toRecord), hasMore }
    },
    countOrders: (filter) => orders.countDocuments(toOrderFilter(filter)),
  }
}

/** Placed at any time: an order that only statuses came of has none, and is no order yet. */
const ALL_TIME = new Date(0).toISOString()

export function toOrderFilter(given: OrderFilter): Filter<StoredOrder> {
  const { provider, clientId, status, storeRef, search, placedAfter, placedBefore } = given
  return {
    ...(provider && { provider }),
    ...(clientId && { clientId }),
    ...(status && { status }),
    ...(storeRef && { storeRef }),
    ...(search && { $or: [{ _id: search }, { references: search }] }),
    placedAt: between(placedAfter ?? ALL_TIME, placedBefore) ?? {},
  }
}

export function toStoredOrder(
  { id: _, snapshot, changes, ...order }: OrderDocument,
  epoch: number,
): Omit<StoredOrder, '_id'> {
  return {
    ...order,
    changes: [...changes],
    snapshot: snapshot === null ? null : JSON.stringify(snapshot),
    epoch,
    provider: snapshot?.provider ?? null,
    storeRef: snapshot?.storeRef ?? null,
    placedAt: dateOf(snapshot?.placedAt),
    acceptBy: dateOf(snapshot?.acceptBy),
    displayCode: snapshot?.displayCode ?? null,
    references: referencesOf(snapshot),
  }
}

/** What people know an order by, beside our id. */
export function referencesOf(order: Order | null | undefined): string[] {
  const known = [order?.externalId, order?.externalCode, order?.displayCode]
  return [...new Set(known.filter((reference) => reference !== null && reference !== undefined))]
}

function dateOf(text: string | null | undefined): Date | null {
  return text == null ? null : new Date(text)
}

export function fromStoredOrder(stored: StoredOrder): OrderDocument {
  const { _id: id, clientId, snapshot, snapshotAt, changes, status, revision } = stored
  return { id, clientId, snapshot: parseSnapshot(snapshot), snapshotAt, changes, status, revision }
}

function toRecord(stored: StoredOrder): OrderRecord[] {
  const order = parseSnapshot(stored.snapshot)
  if (order === null) return []
  const changes = foldOrder(stored.changes).changes.flatMap((judged) => {
    const entry = stored.changes.find(({ dedupeKey, to }) => dedupeKey === judged.dedupeKey && to === judged.to)
    return entry === undefined ? [] : [{ ...judged, eventId: entry.eventId, reason: entry.reason }]
  })
  return [{ order, changes }]
}

function parseSnapshot(snapshot: string | null): Order | null {
  // Our own text, written by toStoredOrder.
  return snapshot === null ? null : (JSON.parse(snapshot) as Order)
}
