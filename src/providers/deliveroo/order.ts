import type { OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import { text, toUtc } from '../read.js'

/** Deliveroo's words (`canceled` with one l). `confirmed` follows acceptance of a scheduled order: the kitchen starts. */
export const STATUS: Readonly<Record<string, OrderStatus>> = {
  pending: 'pending',
  placed: 'pending',
  accepted: 'accepted',
  confirmed: 'preparing',
  in_kitchen: 'preparing',
  ready_for_collection: 'ready',
  collected: 'picked_up',
  rider_in_transit: 'picked_up',
  delivered: 'delivered',
  rejected: 'rejected',
  canceled: 'cancelled',
}

/** An order that nobody accepts is rejected after ten minutes, seven in the Emirates and Kuwait (order ids begin with the market). */
const ACCEPT_MINUTES: Readonly<Record<string, number>> = { ae: 7, kw: 7 }
const ACCEPT_MINUTES_ELSEWHERE = 10

/** Deliveroo's order, which the specification's envelope wraps too. Money is `{fractional, currency_code}`. Paths start at the order. */
export const DELIVEROO_ORDER: Omit<OrderMap, 'at'> = {
  money: 'fractional',
  country: { from: 'id', read: (id) => marketOf(id)?.toUpperCase() ?? null },
  externalId: 'id',
  externalCode: 'order_number',
  displayCode: 'display_id',
  storeRef: 'location_id',
  status: { from: 'status', table: STATUS },
  service: {
    from: 'fulfillment_type',
    table: {
      deliveroo: 'delivery',
      autonomous: 'delivery',
      restaurant: 'delivery',
      customer: 'pickup',
      table_service: 'dine_in',
    },
  },
  deliveredBy: {
    from: 'fulfillment_type',
    table: {
      deliveroo: 'platform',
      autonomous: 'platform',
      restaurant: 'restaurant',
      customer: 'customer',
      table_service: 'restaurant',
    },
  },
  scheduledFor: { from: ['asap', 'prepare_for'], read: (asap, time) => (asap === false ? toUtc(time) : null) },
  placedAt: 'status_log[0].at',
  acceptBy: {
    from: ['asap', 'id', 'status_log[0].at'],
    read: (asap, id, placed) => {
      const at = toUtc(placed)
      if (asap === false || at === null) return null
      const minutes = ACCEPT_MINUTES[marketOf(id) ?? ''] ?? ACCEPT_MINUTES_ELSEWHERE
      return new Date(Date.parse(at) + minutes * 60_000).toISOString()
    },
  },
  pickupAt: 'prepare_for',
  customer: {
    name: 'customer.first_name',
    // The number is Deliveroo's line; the access code leads to the guest.
    phone: 'customer.contact_number',
    accessCode: 'customer.contact_access_code',
    masked: true,
  },
  lines: {
    at: 'items[]',
    externalId: 'pos_item_id',
    sku: 'pos_item_id',
    name: 'name',
    quantity: 'quantity',
    unitPrice: 'unit_price',
    // Leaves modifiers out: 42.00 + 3.00 + 12.00 make the sample's 57.00.
    total: 'total_price',
    modifiersAre: 'added-once',
    modifiers: {
      at: 'modifiers[]',
      children: 'modifiers[]',
      externalId: 'pos_item_id',
      sku: 'pos_item_id',
      name: 'name',
      quantity: 'quantity',
      unitPrice: 'unit_price',
      total: 'total_price',
    },
  },
  totals: {
    items: 'subtotal',
    discount: { sum: ['offer_discount'] },
    deliveryFee: 'zero',
    serviceFee: { sum: ['bag_fee', 'surcharge'] },
    tip: 'zero',
    grandTotal: 'total_price',
    collectOnDelivery: 'cash_due',
  },
  payment: {
    status: { from: 'cash_due.fractional', read: (due) => (isDue(due) ? 'pending' : 'paid') },
    method: { from: 'cash_due.fractional', read: (due) => (isDue(due) ? 'cash' : 'online') },
  },
  note: 'order_notes',
}

function isDue(amount: unknown): boolean {
  return typeof amount === 'number' && amount > 0
}

/** `ae` of `ae:2d0e1a52-…`. */
function marketOf(id: unknown): string | null {
  return /^([a-z]{2}):/.exec(text(id) ?? '')?.[1] ?? null
}

/** The newest entry of the order's own log of statuses, which Deliveroo calls the truth: `accepted@2026-…`. */
export function lastStatus(status: unknown, at: unknown, current: unknown): string {
  return `${text(status) ?? text(current) ?? ''}@${text(at) ?? ''}`
}
