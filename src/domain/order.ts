import type { ProviderName } from './provider.js'

/** An amount in integer minor units of its ISO 4217 currency (KWD 7.250 is 7250). */
export type Money = { readonly amount: number; readonly currency: string }

export const ORDER_STATUSES = [
  'pending',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'delivered',
  'rejected',
  'cancelled',
  'failed',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

export type Modifier = {
  readonly externalId: string
  readonly sku: string | null
  readonly name: string | null
  readonly quantity: number
  readonly unitPrice: Money | null
  readonly modifiers: readonly Modifier[]
}

/** `total` is what the platform charges for the line, modifiers included. */
export type OrderLine = {
  readonly n: number
  readonly externalId: string
  readonly sku: string | null
  readonly name: string | null
  readonly quantity: number
  readonly unitPrice: Money | null
  readonly total: Money | null
  readonly note: string | null
  readonly modifiers: readonly Modifier[]
}

export type OrderTotals = {
  readonly items: Money | null
  readonly discount: Money | null
  readonly deliveryFee: Money | null
  readonly serviceFee: Money | null
  readonly tip: Money | null
  readonly tax: Money | null
  readonly grandTotal: Money | null
  readonly collectOnDelivery: Money | null
}

export type Customer = {
  readonly name: string | null
  readonly phone: { readonly e164: string | null; readonly accessCode: string | null; readonly masked: boolean } | null
  readonly email: string | null
}

export type Address = {
  readonly text: string | null
  readonly lat: number | null
  readonly lng: number | null
  readonly note: string | null
}

/** One order in the shape every restaurant system gets, whatever platform it came from. Times are RFC 3339 UTC. */
export type Order = {
  readonly id: string
  readonly provider: ProviderName
  readonly clientId: string
  readonly storeRef: string | null
  readonly externalId: string
  readonly externalCode: string | null
  readonly displayCode: string | null
  readonly status: OrderStatus
  readonly service: 'delivery' | 'pickup' | 'dine_in'
  readonly deliveredBy: 'platform' | 'restaurant' | 'customer'
  readonly scheduledFor: string | null
  readonly isTest: boolean
  readonly placedAt: string
  readonly acceptBy: string | null
  readonly pickupAt: string | null
  readonly promisedAt: string | null
  readonly customer: Customer | null
  readonly address: Address | null
  readonly lines: readonly OrderLine[]
  readonly totals: OrderTotals
  readonly payment: {
    readonly status: 'pending' | 'paid' | 'refunded' | 'unknown'
    readonly method: 'cash' | 'card' | 'wallet' | 'online' | 'other'
  }
  readonly note: string | null
  /** Whether lines and fees add up to the grand total; never a reason to refuse (the platform's total is authoritative). */
  readonly totalsCheck: 'ok' | 'mismatch' | 'unknown'
  readonly revision: number
}

/** A status the platform reported for an order. */
export type OrderChange = {
  readonly orderExternalId: string
  readonly to: OrderStatus
  readonly reason: string | null
}
