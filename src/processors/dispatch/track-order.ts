import { type CanonicalEvent, orderIdIn, type ReportedEvent } from '../../domain/event.js'
import { appendToOrderLog, type OrderLog, type OrderStep, predecessorOf, stepOf } from '../../domain/order-log.js'

/** An order's log with its place in the stream, which a write must name: two processes may hold events of one order. */
export type StoredOrderLog = { readonly log: OrderLog | null; readonly sequence: number }

export type OrderLogPorts = {
  readOrderLog(orderId: string): Promise<StoredOrderLog>
  /** `conflict` where another wrote since `sequence`. Throws when it cannot be made durable. */
  writeOrderLog(orderId: string, log: OrderLog, sequence: number): Promise<'stored' | 'conflict'>
}

/** A canonical event, and for each webhook the order's event that must reach it first. */
export type TrackedEvent = {
  readonly event: CanonicalEvent
  predecessorOf(webhookId: string): string | null
}

/** One order's events come from a handful of messages at once; more conflicts than this are a bug. */
const MAX_TRIES = 50

/**
 * What an event means for its order: the status it moved from and to, whether that counted, and the order's status and
 * revision afterwards. Doing it twice for one event gives the same answer.
 * @param webhookIds whom the event goes to
 */
export async function trackOrder(
  event: ReportedEvent,
  webhookIds: readonly string[],
  ports: OrderLogPorts,
): Promise<TrackedEvent> {
  const { change, order, ...rest } = event.data
  const orderId = orderIdIn(event)
  if (orderId === null) return { event: { ...event, data: rest }, predecessorOf: () => null }
  const { step, log } = await record(orderId, event, webhookIds, ports)
  const { externalId } = log
  const { status, revision, from, applied, why } = step
  const tracked: CanonicalEvent = {
    ...event,
    data: {
      ...rest,
      ...(order && { order: { ...order, status, revision } }),
      ...(change && {
        change: {
          orderId,
          orderExternalId: change.orderExternalId ?? externalId,
          from,
          to: change.to,
          applied,
          why,
          reason: change.reason,
          status,
          revision,
        },
      }),
    },
  }
  return { event: tracked, predecessorOf: (webhookId) => predecessorOf(log, event.id, webhookId) }
}

async function record(
  orderId: string,
  event: ReportedEvent,
  webhookIds: readonly string[],
  ports: OrderLogPorts,
): Promise<{ readonly step: OrderStep; readonly log: OrderLog }> {
  const { change, order } = event.data
  const entry = {
    eventId: event.id,
    dedupeKey: event.dedupeKey,
    occurredAt: event.occurredAt,
    to: change?.to ?? null,
    hasOrder: order !== undefined,
    webhookIds: [...webhookIds],
  }
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { log, sequence } = await ports.readOrderLog(orderId)
    const next = appendToOrderLog(log, entry, order?.externalId ?? change?.orderExternalId ?? null)
    if (next === log || (await ports.writeOrderLog(orderId, next, sequence)) === 'stored') {
      const step = stepOf(next, event.id)
      if (step === null) throw new Error(`event ${event.id} is not in the log it was written to`)
      return { step, log: next }
    }
  }
  throw new Error(`the log of order ${orderId} was changed by others ${MAX_TRIES} times in a row`)
}
