import { minorUnits, sumMoney, timesMoney, zero } from '../../domain/money.js'
import type { Modifier, Money, Order, OrderLine, OrderStatus } from '../../domain/order.js'
import type { Envelope, NormaliseContext, Normalised } from '../adapter.js'
import { buildOrder, NO_TOTALS } from '../build-order.js'
import { count, e164, type Json, list, lookup, record, text, toUtc } from '../read.js'

/** Deliveroo's words (`canceled` with one l). `confirmed` follows acceptance of a scheduled order: the kitchen starts. */
const STATUS: Readonly<Record<string, OrderStatus>> = {
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

const MAX_MODIFIER_DEPTH = 5

export function normaliseDeliveroo({ eventType, data, occurredAt }: Envelope, context: NormaliseContext): Normalised {
  const source = record(data.order)
  const externalId = text(source.id)
  if (eventType !== 'order_event' || externalId === null) return { type: 'unknown', data: {} }
  const to = lookup(STATUS, source.status)
  const isNew = text(data.event) === 'order.new'
  const order = Array.isArray(source.items)
    ? orderOf(source, externalId, to ?? 'pending', occurredAt, context)
    : undefined
  const change =
    to === undefined || (isNew && to === 'pending')
      ? undefined
      : { orderExternalId: externalId, to, reason: text(source.reject_reason) }
  return {
    type: isNew ? 'order.created' : 'order.status_changed',
    data: { ...(order && { order }), ...(change && { change }) },
  }
}

/** `{fractional, currency_code}`: already in minor units. */
function moneyOf(value: unknown): Money | null {
  const { fractional, currency_code: currency } = record(value)
  return minorUnits(fractional, currency)
}

/** `deliveroo`: their rider; `restaurant`: the restaurant's own; `customer`: collected; `table_service`: at the table. */
const FULFILMENT: Readonly<Record<string, Pick<Order, 'service' | 'deliveredBy'>>> = {
  deliveroo: { service: 'delivery', deliveredBy: 'platform' },
  autonomous: { service: 'delivery', deliveredBy: 'platform' },
  restaurant: { service: 'delivery', deliveredBy: 'restaurant' },
  customer: { service: 'pickup', deliveredBy: 'customer' },
  table_service: { service: 'dine_in', deliveredBy: 'restaurant' },
}

function orderOf(
  source: Json,
  externalId: string,
  status: OrderStatus,
  occurredAt: string,
  context: NormaliseContext,
): Order {
  const lines = list(source.items).map((item, index) => lineOf(record(item), index + 1))
  const customer = record(source.customer)
  const cashDue = moneyOf(source.cash_due)
  const fulfilment = lookup(FULFILMENT, source.fulfillment_type) ?? { service: 'delivery', deliveredBy: 'platform' }
  return buildOrder('deliveroo', context, {
    storeRef: text(source.location_id),
    externalId,
    externalCode: text(source.order_number),
    displayCode: text(source.display_id),
    status,
    ...fulfilment,
    scheduledFor: source.asap === false ? toUtc(source.prepare_for) : null,
    placedAt: toUtc(record(list(source.status_log)[0]).at) ?? occurredAt,
    pickupAt: toUtc(source.prepare_for),
    customer: {
      name: text(customer.first_name),
      // The number is Deliveroo's line; the access code leads to the guest.
      phone:
        text(customer.contact_number) === null
          ? null
          : { e164: e164(customer.contact_number), accessCode: text(customer.contact_access_code), masked: true },
      email: null,
    },
    address: null,
    lines,
    totals: totalsOf(source, lines, cashDue),
    payment: {
      status: cashDue !== null && cashDue.amount > 0 ? 'pending' : 'paid',
      method: cashDue !== null && cashDue.amount > 0 ? 'cash' : 'online',
    },
    note: text(source.order_notes),
  })
}

function totalsOf(source: Json, lines: readonly OrderLine[], cashDue: Money | null): Order['totals'] {
  const currency = moneyOf(source.total_price)?.currency
  const none = currency === undefined ? null : zero(currency)
  return {
    ...NO_TOTALS,
    items: sumMoney(lines.map(({ total }) => total)),
    discount: moneyOf(source.offer_discount) ?? none,
    deliveryFee: none,
    serviceFee: sumMoney([moneyOf(source.bag_fee) ?? none, moneyOf(source.surcharge) ?? none]),
    tip: none,
    grandTotal: moneyOf(source.total_price),
    collectOnDelivery: cashDue,
  }
}

/** A line's `total_price` leaves its modifiers out (42.00 + 3.00 + 12.00 make the sample's 57.00). */
function lineOf(item: Json, n: number): OrderLine {
  const modifiers = modifiersOf(item.modifiers, 1)
  const extras = list(item.modifiers).map((modifier) => extraOf(record(modifier), 1))
  return {
    n,
    externalId: text(item.pos_item_id) ?? String(n),
    sku: text(item.pos_item_id),
    name: text(item.name),
    quantity: count(item.quantity, 1),
    unitPrice: moneyOf(item.unit_price),
    total: sumMoney([moneyOf(item.total_price), ...extras]),
    note: null,
    modifiers,
  }
}

/** What a modifier adds to its line, its own modifiers included. */
function extraOf(modifier: Json, depth: number): Money | null {
  const own = moneyOf(modifier.total_price) ?? timesMoney(moneyOf(modifier.unit_price), count(modifier.quantity, 1))
  const nested =
    depth >= MAX_MODIFIER_DEPTH ? [] : list(modifier.modifiers).map((inner) => extraOf(record(inner), depth + 1))
  return sumMoney([own, ...nested])
}

function modifiersOf(value: unknown, depth: number): readonly Modifier[] {
  if (depth > MAX_MODIFIER_DEPTH) return []
  return list(value)
    .map(record)
    .map((modifier) => ({
      externalId: text(modifier.pos_item_id) ?? '',
      sku: text(modifier.pos_item_id),
      name: text(modifier.name),
      quantity: count(modifier.quantity, 1),
      unitPrice: moneyOf(modifier.unit_price),
      modifiers: modifiersOf(modifier.modifiers, depth + 1),
    }))
}
