import { parseMoney, sumMoney, zero } from '../../domain/money.js'
import type { Modifier, Order, OrderLine, OrderStatus } from '../../domain/order.js'
import type { Envelope, NormaliseContext, Normalised } from '../adapter.js'
import { buildOrder, NO_TOTALS } from '../build-order.js'
import { coordinate, count, e164, isRecord, type Json, list, lookup, record, text } from '../read.js'

/** Jahez's status letters; T is a timed-out order. */
const STATUS: Readonly<Record<string, OrderStatus>> = {
  N: 'pending',
  A: 'accepted',
  O: 'picked_up',
  D: 'delivered',
  C: 'cancelled',
  R: 'rejected',
  T: 'rejected',
}

/** The payload names no currency; branches outside Saudi Arabia will need one configured. */
const CURRENCY = 'SAR'

/** "Accept or reject within 5 minutes of creation." */
const ACCEPT_WITHIN_MS = 300_000

export function normaliseJahez({ eventType, data, occurredAt }: Envelope, context: NormaliseContext): Normalised {
  const source = record(data.order)
  const externalId = text(source.jahez_id) ?? text(source.jahezOrderId)
  if (eventType !== 'order_action' || externalId === null) return { type: 'unknown', data: {} }
  if (text(data.action) === 'create')
    return { type: 'order.created', data: { order: orderOf(source, externalId, occurredAt, context) } }
  const letter = text(source.status) ?? text(data.status) ?? ''
  const to = lookup(STATUS, letter)
  const reason = letter === 'T' ? 'timeout' : text(source.reason)
  return {
    type: 'order.status_changed',
    data: to === undefined ? {} : { change: { orderExternalId: externalId, to, reason } },
  }
}

function orderOf(source: Json, externalId: string, occurredAt: string, context: NormaliseContext): Order {
  const lines = list(source.products).map((product, index) => lineOf(record(product), index + 1))
  const place = record(record(source.delivery_address).geolocation)
  const method = methodOf(text(source.payment_method) ?? '')
  const grandTotal = parseMoney(source.final_price, CURRENCY)
  return buildOrder('jahez', context, {
    storeRef: text(source.branch_id),
    externalId,
    externalCode: externalId,
    displayCode: null,
    status: 'pending',
    service: 'delivery',
    deliveredBy: isRecord(source.delivery_address) ? 'restaurant' : 'platform',
    placedAt: occurredAt,
    acceptBy: new Date(Date.parse(occurredAt) + ACCEPT_WITHIN_MS).toISOString(),
    customer: {
      name: text(source.customer_name),
      phone:
        text(source.phone_number) === null
          ? null
          : { e164: e164(source.phone_number), accessCode: null, masked: false },
      email: null,
    },
    address: isRecord(source.delivery_address)
      ? { text: null, lat: coordinate(place.latitude), lng: coordinate(place.longitude), note: null }
      : null,
    lines,
    totals: {
      ...NO_TOTALS,
      items: parseMoney(source.price, CURRENCY) ?? sumMoney(lines.map(({ total }) => total)),
      discount: parseMoney(record(source.offer).amount, CURRENCY) ?? zero(CURRENCY),
      grandTotal,
      collectOnDelivery: method === 'cash' ? grandTotal : zero(CURRENCY),
    },
    payment: { status: method === 'cash' ? 'pending' : 'paid', method },
    note: text(source.notes),
  })
}

/** `final_price` is the line's, modifiers included; `original_price` is one piece's. */
function lineOf(product: Json, n: number): OrderLine {
  return {
    n,
    externalId: text(product.product_id) ?? String(n),
    sku: text(product.product_id),
    name: null,
    quantity: count(product.quantity, 1),
    unitPrice: parseMoney(product.original_price, CURRENCY),
    total: parseMoney(product.final_price, CURRENCY),
    note: text(product.notes),
    modifiers: list(product.modifiers).flatMap((modifier) =>
      list(record(modifier).options).map((option) => optionOf(record(option))),
    ),
  }
}

function optionOf(option: Json): Modifier {
  return {
    externalId: text(option.id) ?? '',
    sku: text(option.id),
    name: null,
    quantity: count(option.quantity, 1),
    unitPrice: parseMoney(option.original_price, CURRENCY),
    modifiers: [],
  }
}

function methodOf(word: string): Order['payment']['method'] {
  if (word === 'CASH') return 'cash'
  if (word.startsWith('APPLE-PAY')) return 'wallet'
  return /CARD|MADA|POS/.test(word) ? 'card' : 'other'
}
