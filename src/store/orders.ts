import type { Db } from 'mongodb'
import type { Order } from '../domain/order.js'
import type { OrderReader } from '../graph/ports.js'
import type { OrderChangeEntry, OrderDocument } from '../processors/record/ports.js'

/** An order as stored: its snapshot as text, for its keys are not ours alone. */
export type StoredOrder = Omit<OrderDocument, 'id' | 'snapshot' | 'changes'> & {
  readonly _id: string
  readonly snapshot: string | null
  readonly changes: OrderChangeEntry[]
  readonly epoch: number
}

export function orderCollection(db: Db) {
  return db.collection<StoredOrder>('orders')
}

export function createOrderReader(db: Db): OrderReader {
  return {
    findOrder: async (id) => {
      const stored = await orderCollection(db).findOne({ _id: id })
      return stored === null ? null : fromStoredOrder(stored).snapshot
    },
  }
}

export function toStoredOrder(
  { id: _, snapshot, changes, ...order }: OrderDocument,
  epoch: number,
): Omit<StoredOrder, '_id'> {
  return { ...order, changes: [...changes], snapshot: snapshot === null ? null : JSON.stringify(snapshot), epoch }
}

export function fromStoredOrder({ _id: id, snapshot, epoch: _, ...order }: StoredOrder): OrderDocument {
  // Our own text, written by toStoredOrder.
  return { ...order, id, snapshot: snapshot === null ? null : (JSON.parse(snapshot) as Order) }
}
