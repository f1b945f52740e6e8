import { parseMoney, sumMoney, timesMoney, zero } from '../../domain/money.js'
import type { Modifier, Order, OrderLine, OrderStatus } from '../../domain/order.js'
import type { Envelope, NormaliseContext, Normalised } from '../adapter.js'
import { buildOrder, NO_TOTALS } from '../build-order.js'
import { coordinate, count, e164, isRecord, type Json, list, lookup, record, text, toUtc } from '../read.js'

/** Careem's words for a status; those beyond `confirmed` are our reading (the specification shows only that one). */
const STATUS: Readonly<Record<string, OrderStatus>> = {
  pending: 'pending',
  new: 'pending',
  confirmed: 'accepted',
  accepted: 'accepted',
  preparing: 'preparing',
  ready: 'ready',
  picked_up: 'picked_up',
  out_for_delivery: 'picked_up',
  delivered: 'delivered',
  rejected: 'rejected',
  cancelled: 'cancelled',
  failed: 'failed',
}

/** An event that is about one status, whatever its order object says. */
const STATUS_OF_EVENT: Readonly<Record<string, OrderStatus>> = {
  'order.cancelled': 'cancelled',
  'order.delivered': 'delivered',
}

export function normaliseCareem({ eventType, data, occurredAt }: Envelope, context: NormaliseContext): Normalised {
  if (eventType === 'menu.updated') return normaliseMenu(record(data.menu))
  const known =
    eventType === 'order.created' || eventType === 'order.updated' || lookup(STATUS_OF_EVENT, eventType) !== undefined
  const externalId = text(record(data.order).id)
  if (!known || externalId === null) return { type: 'unknown', data: {} }
  const source = record(data.order)
  const to = lookup(STATUS_OF_EVENT, eventType) ?? lookup(STATUS, source.status)
  const order = Array.isArray(source.items)
    ? orderOf(source, externalId, to ?? 'pending', occurredAt, context)
    : undefined
  const reason = text(record(data.cancellation).reason) ?? text(record(data.cancellation).reason_code)
  const change =
    to === undefined || (eventType === 'order.created' && to === 'pending')
      ? undefined
      : { orderExternalId: externalId, to, reason }
  return {
    type: eventType === 'order.created' ? 'order.created' : 'order.status_changed',
    data: { ...(order && { order }), ...(change && { change }) },
  }
}

function orderOf(
  source: Json,
  externalId: string,
  status: OrderStatus,
  occurredAt: string,
  context: NormaliseContext,
): Order {
  const currency = text(source.currency) ?? ''
  const lines = list(source.items).map((item, index) => lineOf(record(item), index + 1, currency))
  const items = sumMoney(lines.map(({ total }) => total))
  const address = record(source.delivery_address)
  const customer = record(source.customer)
  return buildOrder('careem', context, {
    storeRef: text(source.restaurant_id),
    externalId,
    externalCode: text(source.order_number),
    displayCode: text(source.order_number),
    status,
    service: 'delivery',
    deliveredBy: 'platform',
    placedAt: toUtc(source.created_at) ?? occurredAt,
    customer: {
      name: text(customer.name),
      phone: text(customer.phone) === null ? null : { e164: e164(customer.phone), accessCode: null, masked: false },
      email: text(customer.email),
    },
    address: isRecord(source.delivery_address)
      ? {
          text: text(address.formatted_address),
          lat: coordinate(record(address.coordinates).lat),
          lng: coordinate(record(address.coordinates).lng),
          note: null,
        }
      : null,
    lines,
    totals: {
      ...NO_TOTALS,
      items,
      grandTotal: parseMoney(source.total_amount, currency),
      collectOnDelivery: collect(source, currency),
    },
    payment: {
      status: lookup(PAYMENT_STATUS, source.payment_status) ?? 'unknown',
      method: lookup(PAYMENT_METHOD, source.payment_method) ?? 'other',
    },
    note: text(source.notes),
  })
}

/** Careem's `total_price` leaves modifiers out, and a modifier's quantity is per line (2 × 25.00 and one 2.00 sauce make 52.00). */
function lineOf(item: Json, n: number, currency: string): OrderLine {
  const modifiers = list(item.modifiers).map((modifier) => modifierOf(record(modifier), currency))
  const extras = modifiers.map(({ unitPrice, quantity }) => timesMoney(unitPrice, quantity))
  return {
    n,
    externalId: text(item.id) ?? String(n),
    sku: text(item.menu_item_id),
    name: text(item.name),
    quantity: count(item.quantity, 1),
    unitPrice: parseMoney(item.unit_price, currency),
    total: sumMoney([parseMoney(item.total_price, currency), ...extras]),
    note: text(item.notes),
    modifiers,
  }
}

function modifierOf(modifier: Json, currency: string): Modifier {
  return {
    externalId: text(modifier.id) ?? '',
    sku: null,
    name: text(modifier.name),
    quantity: count(modifier.quantity, 1),
    unitPrice: parseMoney(modifier.price, currency),
    modifiers: [],
  }
}

const PAYMENT_STATUS: Readonly<Record<string, Order['payment']['status']>> = {
  paid: 'paid',
  pending: 'pending',
  unpaid: 'pending',
  refunded: 'refunded',
}
const PAYMENT_METHOD: Readonly<Record<string, Order['payment']['method']>> = {
  card: 'card',
  cash: 'cash',
  wallet: 'wallet',
  online: 'online',
}

function collect(source: Json, currency: string) {
  if (text(source.payment_method) !== 'cash') return parseMoney('0', currency) === null ? null : zero(currency)
  return parseMoney(source.total_amount, currency)
}

function normaliseMenu(menu: Json): Normalised {
  const items = list(menu.items).map((item) => {
    const { menu_item_id: id, available, price, currency } = record(item)
    return {
      externalId: text(id) ?? '',
      available: typeof available === 'boolean' ? available : null,
      price: parseMoney(price, text(currency) ?? ''),
    }
  })
  return { type: 'menu.updated', data: { menu: { storeRef: text(menu.restaurant_id), status: null, items } } }
}
