import { type CanonicalEvent, orderIdIn, type ReportedEvent } from '../../domain/event.js'
import { appendToOrderLog, type OrderLog, type OrderStep, stepOf } from '../../domain/order-log.js'

/** An order's log with its place in the stream, which a write must name: two processes may hold events of one order. */
export type StoredOrderLog = { readonly log: OrderLog | null; readonly sequence: number }

export type OrderLogPorts = {
  readOrderLog(orderId: string): Promise<StoredOrderLog>
  /** `conflict` where another wrote since `sequence`. Throws when it cannot be made durable. */
  writeOrderLog(orderId: string, log: OrderLog, sequence: number): Promise<'stored' | 'conflict'>
}

/** One order's events come from a handful of messages at once; more conflicts than this are a bug. */
const MAX_TRIES = 50

/**
 * What an event means for its order: the status it moved from and to, whether that counted, and the order's status and
 * revision afterwards. Doing it twice for one event gives the same answer.
 */
export async function trackOrder(event: ReportedEvent, ports: OrderLogPorts): Promise<CanonicalEvent> {
  const { change, order, ...rest } = event.data
  const orderId = orderIdIn(event)
  if (orderId === null) return { ...event, data: rest }
  const { step, externalId } = await record(orderId, event, ports)
  const { status, revision, from, applied, why } = step
  return {
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
}

async function record(
  orderId: string,
  event: ReportedEvent,
  ports: OrderLogPorts,
): Promise<{ readonly step: OrderStep; readonly externalId: string | null }> {
  const { change, order } = event.data
  const entry = {
    eventId: event.id,
    dedupeKey: event.dedupeKey,
    occurredAt: event.occurredAt,
    to: change?.to ?? null,
    hasOrder: order !== undefined,
  }
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { log, sequence } = await ports.readOrderLog(orderId)
    const next = appendToOrderLog(log, entry, order?.externalId ?? change?.orderExternalId ?? null)
    if (next === log || (await ports.writeOrderLog(orderId, next, sequence)) === 'stored') {
      const step = stepOf(next, event.id)
      if (step === null) throw new Error(`event ${event.id} is not in the log it was written to`)
      return { step, externalId: next.externalId }
    }
  }
  throw new Error(`the log of order ${orderId} was changed by others ${MAX_TRIES} times in a row`)
}
