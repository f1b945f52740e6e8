import { z } from 'zod'
import { ORDER_STATUSES, type Order, type OrderChange, type OrderStatus } from './order.js'
import { foldOrder } from './order-state.js'

/**
 * Every event about one order, as dispatch has seen them. What one event did to the order follows from the entries up to
 * its own, so it can be worked out again at any time, and comes out the same.
 */
export const orderLogSchema = z.object({
  v: z.literal(1),
  /** The platform's id of the order, once an event named it. */
  externalId: z.string().nullable(),
  /** In the order in which they were dispatched. */
  entries: z.array(
    z.object({
      eventId: z.string(),
      dedupeKey: z.string(),
      occurredAt: z.string(),
      /** The status the event reported; null for one that tells of the order without moving it. */
      to: z.enum(ORDER_STATUSES).nullable(),
      /** Whether it brought the order itself. Until one does, statuses are parked. */
      hasOrder: z.boolean(),
      /** The webhooks it goes to. */
      webhookIds: z.array(z.string()).default([]),
    }),
  ),
  /** Entries left out from the front once there were too many. */
  dropped: z.int(),
})
export type OrderLog = z.infer<typeof orderLogSchema>
export type OrderLogEntry = OrderLog['entries'][number]

/** A platform that sends more than this about one order is broken; its oldest entries are let go. */
const MAX_ENTRIES = 200

const EMPTY: OrderLog = { v: 1, externalId: null, entries: [], dropped: 0 }

/** The log with one more event; the same log where it has that event already. */
export function appendToOrderLog(log: OrderLog | null, entry: OrderLogEntry, externalId: string | null): OrderLog {
  const known = log ?? EMPTY
  if (known.entries.some(({ eventId }) => eventId === entry.eventId)) return known
  const entries = [...known.entries, entry]
  const excess = Math.max(0, entries.length - MAX_ENTRIES)
  return {
    v: 1,
    externalId: known.externalId ?? externalId,
    entries: entries.slice(excess),
    dropped: known.dropped + excess,
  }
}

/** The event before this one that went to the same webhook; null where this is the first that did. */
export function predecessorOf(log: OrderLog, eventId: string, webhookId: string): string | null {
  const index = log.entries.findIndex((entry) => entry.eventId === eventId)
  const earlier = log.entries.slice(0, Math.max(0, index))
  return earlier.findLast((entry) => entry.webhookIds.includes(webhookId))?.eventId ?? null
}

/** What one event did to its order, and where the order stood after it. */
export type OrderStep = Pick<Order, 'status' | 'revision'> & Pick<OrderChange, 'from' | 'applied' | 'why'>

/**
 * The step an event made: all statuses up to and with it, folded. `revision` is the event's place among the order's
 * events, so of two messages a client gets, the one with the higher revision always knows more.
 */
export function stepOf(log: OrderLog, eventId: string): OrderStep | null {
  const index = log.entries.findIndex((entry) => entry.eventId === eventId)
  const own = log.entries[index]
  if (own === undefined) return null
  const revision = log.dropped + index + 1
  const seen = log.entries.slice(0, index + 1)
  const isKnown = log.dropped > 0 || seen.some(({ hasOrder }) => hasOrder)
  if (!isKnown) return { status: 'pending', revision, from: 'pending', applied: false, why: 'unknown_order' }
  const { status, changes } = foldOrder(seen.flatMap(withStatus))
  const judged = changes.find(({ dedupeKey, to }) => dedupeKey === own.dedupeKey && to === own.to)
  return judged === undefined
    ? { status, revision, from: status, applied: false, why: own.to === null ? null : 'duplicate' }
    : { status, revision, from: judged.from, applied: judged.applied, why: judged.why }
}

function withStatus({ to, occurredAt, dedupeKey }: OrderLogEntry): readonly {
  readonly to: OrderStatus
  readonly occurredAt: string
  readonly dedupeKey: string
}[] {
  return to === null ? [] : [{ to, occurredAt, dedupeKey }]
}
