import { ALL_CLIENTS, bucketId, type Span, startOf, type Tally } from './bucket.js'
import { bucketOf } from './histogram.js'
import type { Money, Order, OrderStatus } from './order.js'
import type { ProviderName } from './provider.js'

/** The parts of an order that analytics are made of. */
export type CountedOrder = {
  readonly clientId: string
  readonly provider: ProviderName
  readonly storeRef: string | null
  /** Ms since 1970. */
  readonly placedAtMs: number
  readonly status: OrderStatus
  /** Milliseconds from placing to the restaurant's acceptance; null where it was not accepted. */
  readonly acceptMs: number | null
  readonly revenue: Money | null
}

/** A change of status, as stored with its order. */
type Change = { readonly to: OrderStatus; readonly occurredAt: string }

/** Statuses an order reaches only once the restaurant has taken it. */
const TAKEN: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up', 'delivered']
const LOST: readonly OrderStatus[] = ['rejected', 'cancelled', 'failed']
const ORDER_SPANS: readonly Span[] = ['hour', 'day']

/** What counts of an order; null for a test order, and while only statuses came. */
export function countedOrderOf(
  order: Order | null,
  status: OrderStatus,
  changes: readonly Change[],
): CountedOrder | null {
  if (order === null || order.isTest) return null
  const placedAtMs = Date.parse(order.placedAt)
  const takenAt = changes
    .filter(({ to }) => TAKEN.includes(to))
    .map(({ occurredAt }) => Date.parse(occurredAt))
    .sort((a, b) => a - b)[0]
  const { clientId, provider, storeRef } = order
  return {
    clientId,
    provider,
    storeRef,
    placedAtMs,
    status,
    acceptMs: takenAt === undefined ? null : Math.max(0, takenAt - placedAtMs),
    // Money of an order that was not served is nobody's revenue.
    revenue: LOST.includes(status) ? null : order.totals.grandTotal,
  }
}

/** A store's key in a bucket: platforms' ids may hold dots. */
export function storeKeyOf(provider: ProviderName, storeRef: string | null): string {
  return Buffer.from(JSON.stringify([provider, storeRef])).toString('base64url')
}

export function storeOfKey(key: string): { readonly provider: ProviderName; readonly storeRef: string | null } {
  // Our own text, written by storeKeyOf.
  const [provider, storeRef] = JSON.parse(Buffer.from(key, 'base64url').toString('utf8')) as [string, string | null]
  return { provider, storeRef }
}

/** Where an order counts: in the hour and the day it was placed in, for its client and for all, under its store. */
export function talliesOfOrder(order: CountedOrder | null): readonly Tally[] {
  if (order === null) return []
  const { clientId, provider, storeRef, placedAtMs, status, acceptMs, revenue } = order
  const counts: (readonly [path: string, amount: number])[] = [['orders', 1]]
  if (acceptMs !== null) counts.push(['accepted', 1], [`acceptTimes.${bucketOf(acceptMs)}`, 1])
  if (status === 'rejected' || status === 'cancelled' || status === 'failed') counts.push([status, 1])
  if (revenue !== null) counts.push([`revenue.${revenue.currency}`, revenue.amount])
  const store = storeKeyOf(provider, storeRef)
  return ORDER_SPANS.flatMap((span) =>
    [clientId, ALL_CLIENTS].flatMap((scope) => {
      const bucket = bucketId('orders', span, scope, startOf(span, placedAtMs))
      return counts.map(([path, amount]) => ({ bucket, path: `stores.${store}.${path}`, amount }))
    }),
  )
}
