import type { CanonicalEvent } from './event.js'
import { eventIdOf } from './ids.js'

/** An order is at risk in the last quarter of the time the platform gives it, at most this long before the end. */
const MAX_LEAD_MS = 120_000

/** Until when the platform waits for this order to be accepted, ms since 1970; null where nothing is awaited. */
export function acceptByOf({ data }: CanonicalEvent): number | null {
  const { order } = data
  return order?.acceptBy == null || order.status !== 'pending' ? null : Date.parse(order.acceptBy)
}

/**
 * The event that tells that an order will not be acknowledged in time, or null where there is still hope: it is undelivered
 * and not tried again before its last quarter. Its id follows from the order, so it is told once.
 * @param nextAtMs when it is tried next, null for never again
 */
export function atRiskEvent(event: CanonicalEvent, nextAtMs: number | null, now: Date): CanonicalEvent | null {
  const acceptBy = acceptByOf(event)
  const { order } = event.data
  if (event.type === 'order.at_risk' || acceptBy === null || order === undefined || acceptBy <= now.getTime())
    return null
  const lead = Math.min(MAX_LEAD_MS, (acceptBy - Date.parse(event.receivedAt)) / 4)
  if (nextAtMs !== null && nextAtMs < acceptBy - lead) return null
  const dedupeKey = `at-risk:${order.id}`
  const at = now.toISOString()
  return {
    ...event,
    id: eventIdOf(event.provider, event.clientId, dedupeKey),
    type: 'order.at_risk',
    occurredAt: at,
    receivedAt: at,
    dedupeKey,
    source: { ...event.source, eventType: 'order.at_risk' },
    data: { order },
  }
}
