import { type CanonicalEvent, orderIdIn } from '../../domain/event.js'
import type { Order } from '../../domain/order.js'
import { foldOrder } from '../../domain/order-state.js'
import type { OrderChangeEntry, OrderDocument } from './ports.js'

/**
 * The stored order with one more event taken in: the newest snapshot, and the status folded anew from all changes.
 * Giving the same event twice, or events in any order, ends in the same document. Null for an event about no order.
 */
export function applyEvent(order: OrderDocument | null, event: CanonicalEvent): OrderDocument | null {
  const id = orderIdIn(event)
  if (id === null) return order
  const known = order ?? emptyOrder(id, event.clientId)
  const changes = withChange(known.changes, event)
  const { snapshot, snapshotAt } = newest(known, event)
  const status = snapshot === null ? 'pending' : foldOrder(changes).status
  const revision = Math.max(known.revision, event.data.order?.revision ?? 1, event.data.change?.revision ?? 1)
  return {
    ...known,
    changes,
    status,
    revision,
    snapshotAt,
    snapshot: snapshot === null ? null : { ...snapshot, status, revision },
  }
}

function emptyOrder(id: string, clientId: string): OrderDocument {
  return { id, clientId, snapshot: null, snapshotAt: null, changes: [], status: 'pending', revision: 1 }
}

function withChange(changes: readonly OrderChangeEntry[], event: CanonicalEvent): readonly OrderChangeEntry[] {
  const { change } = event.data
  if (change === undefined || changes.some(({ eventId }) => eventId === event.id)) return changes
  const { id: eventId, occurredAt, dedupeKey } = event
  const added = { eventId, to: change.to, reason: change.reason, occurredAt, dedupeKey }
  return [...changes, added].sort((a, b) => compare(a.occurredAt, b.occurredAt) || compare(a.eventId, b.eventId))
}

function newest(
  known: OrderDocument,
  event: CanonicalEvent,
): { readonly snapshot: Order | null; readonly snapshotAt: string | null } {
  const { order } = event.data
  const key = `${event.occurredAt} ${event.id}`
  if (order === undefined || (known.snapshotAt !== null && known.snapshotAt >= key)) return known
  return { snapshot: order, snapshotAt: key }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
