import { parseMoney, sumMoney, zero } from '../../domain/money.js'
import type { Modifier, Money, Order, OrderLine, OrderStatus } from '../../domain/order.js'
import type { Envelope, NormaliseContext, Normalised } from '../adapter.js'
import { buildOrder, NO_TOTALS } from '../build-order.js'
import { coordinate, count, e164, isRecord, type Json, list, lookup, record, text, toUtc, words } from '../read.js'

/** Delivery Hero's words, which Talabat shares. */
const STATUS: Readonly<Record<string, OrderStatus>> = {
  ORDER_ACCEPTED: 'accepted',
  ORDER_PREPARED: 'ready',
  ORDER_PICKED_UP: 'picked_up',
  ORDER_DELIVERED: 'delivered',
  ORDER_REJECTED: 'rejected',
  ORDER_CANCELLED: 'cancelled',
}

/** The payload names a currency symbol; the ISO code follows from the country. */
const CURRENCY_OF_COUNTRY: Readonly<Record<string, string>> = {
  AE: 'AED',
  BH: 'BHD',
  EG: 'EGP',
  IQ: 'IQD',
  JO: 'JOD',
  KW: 'KWD',
  LB: 'LBP',
  OM: 'OMR',
  QA: 'QAR',
  SA: 'SAR',
  TR: 'TRY',
}

const PAYMENT_STATUS: Readonly<Record<string, Order['payment']['status']>> = { paid: 'paid', pending: 'pending' }

/** Deeper toppings than platforms allow are cut. */
const MAX_MODIFIER_DEPTH = 5

/** The platform's id of the order an event is about. */
export function orderIdIn(data: Json): string | null {
  const order = record(data.order)
  return text(order.token) ?? text(order.id) ?? text(data.token) ?? text(data.order_id)
}

export function statusWordIn(data: Json): string | null {
  return text(data.status) ?? text(record(data.order).status)
}

export function normaliseTalabat({ eventType, data, occurredAt }: Envelope, context: NormaliseContext): Normalised {
  if (eventType === 'menu_sync')
    return {
      type: 'menu.updated',
      data: { menu: { storeRef: text(data.vendor_id), status: text(data.status), items: [] } },
    }
  const externalId = orderIdIn(data)
  if (externalId === null) return { type: 'unknown', data: {} }
  if (eventType === 'order_notification')
    return { type: 'order.created', data: { order: orderOf(record(data.order), externalId, occurredAt, context) } }
  if (eventType !== 'status_update') return { type: 'unknown', data: {} }
  const to = lookup(STATUS, statusWordIn(data)?.toUpperCase())
  const reason = text(data.message) ?? text(data.reason)
  return {
    type: 'order.status_changed',
    data: to === undefined ? {} : { change: { orderExternalId: externalId, to, reason } },
  }
}

function orderOf(source: Json, externalId: string, occurredAt: string, context: NormaliseContext): Order {
  const currency = lookup(CURRENCY_OF_COUNTRY, record(source.localInfo).countryCode) ?? ''
  const lines = list(source.products).map((product, index) => lineOf(record(product), index + 1, currency))
  const delivery = record(source.delivery)
  const isPickup = text(source.expeditionType) === 'pickup'
  return buildOrder('talabat', context, {
    storeRef: text(record(source.platformRestaurant).id),
    externalId,
    externalCode: text(source.code),
    displayCode: text(source.shortCode),
    status: 'pending',
    service: isPickup ? 'pickup' : 'delivery',
    // A rider's pick-up time is given exactly when the platform delivers.
    deliveredBy: isPickup ? 'customer' : toUtc(delivery.riderPickupTime) !== null ? 'platform' : 'restaurant',
    scheduledFor: source.preOrder === true ? toUtc(delivery.expectedDeliveryTime) : null,
    isTest: source.test === true,
    placedAt: toUtc(source.createdAt) ?? occurredAt,
    acceptBy: toUtc(source.expiryDate),
    pickupAt: toUtc(delivery.riderPickupTime) ?? toUtc(record(source.pickup).pickupTime),
    promisedAt: toUtc(delivery.expectedDeliveryTime),
    customer: customerOf(record(source.customer)),
    address: isRecord(delivery.address) ? addressOf(delivery.address) : null,
    lines,
    totals: totalsOf(source, lines, currency),
    payment: {
      status: lookup(PAYMENT_STATUS, record(source.payment).status) ?? 'unknown',
      method: methodOf(text(record(source.payment).type) ?? ''),
    },
    note: text(record(source.comments).customerComment),
  })
}

/** The platform's own e-mail is a hash: not an address. */
function customerOf(customer: Json): Order['customer'] {
  const email = text(customer.email)
  return {
    name: words(customer.firstName, customer.lastName),
    phone:
      text(customer.mobilePhone) === null
        ? null
        : { e164: e164(customer.mobilePhone), accessCode: null, masked: false },
    email: email?.includes('@') === true ? email : null,
  }
}

function addressOf(address: Json): Order['address'] {
  return {
    text: words(address.street, address.number, address.building, address.city) ?? text(address.formattedAddress),
    lat: coordinate(address.latitude),
    lng: coordinate(address.longitude),
    note: text(address.deliveryInstructions),
  }
}

function lineOf(product: Json, n: number, currency: string): OrderLine {
  return {
    n,
    externalId: text(product.id) ?? String(n),
    sku: text(product.remoteCode),
    name: text(product.name),
    quantity: count(product.quantity, 1),
    unitPrice: parseMoney(product.unitPrice, currency),
    // Includes toppings.
    total: parseMoney(product.paidPrice, currency),
    note: text(product.comment),
    modifiers: toppingsOf(product.selectedToppings, currency, 1),
  }
}

function toppingsOf(value: unknown, currency: string, depth: number): readonly Modifier[] {
  if (depth > MAX_MODIFIER_DEPTH) return []
  return list(value)
    .map(record)
    .map((topping) => ({
      externalId: text(topping.id) ?? '',
      sku: text(topping.remoteCode),
      name: text(topping.name),
      quantity: count(topping.quantity, 1),
      unitPrice: parseMoney(topping.price, currency),
      modifiers: toppingsOf(topping.children, currency, depth + 1),
    }))
}

function totalsOf(source: Json, lines: readonly OrderLine[], currency: string): Order['totals'] {
  const price = record(source.price)
  const sumOf = (amounts: readonly unknown[]): Money | null =>
    currency === '' ? null : sumMoney([zero(currency), ...amounts.map((amount) => parseMoney(amount, currency))])
  return {
    ...NO_TOTALS,
    items: sumMoney(lines.map(({ total }) => total)),
    discount: sumOf(list(source.discounts).map((discount) => record(discount).amount)),
    deliveryFee: sumOf(list(price.deliveryFees).map((fee) => record(fee).value)),
    serviceFee: sumOf([]),
    tip: parseMoney(price.riderTip, currency),
    tax: parseMoney(price.vatTotal, currency),
    grandTotal: parseMoney(price.grandTotal, currency),
    collectOnDelivery: parseMoney(price.collectFromCustomer, currency),
  }
}

function methodOf(type: string): Order['payment']['method'] {
  const word = type.toLowerCase()
  if (word.includes('card')) return 'card'
  if (word.includes('cash')) return 'cash'
  if (word.includes('wallet')) return 'wallet'
  return word.includes('online') ? 'online' : 'other'
}
