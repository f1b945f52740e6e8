import type { Order, OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import { text } from '../read.js'
import type { ChangeMap } from '../table.js'

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

/** "Accept or reject within 5 minutes of creation." */
const ACCEPT_WITHIN_MS = 300_000

/** Jahez's order: ids only, no names, decimals in major units. Paths start at the order. */
export const JAHEZ_ORDER: Omit<OrderMap, 'at'> = {
  money: 'decimal',
  // The payload names no currency; branches outside Saudi Arabia will need one configured (docs/providers/jahez.md).
  currency: { value: 'SAR' },
  country: { value: 'SA' },
  externalId: ['jahez_id', 'jahezOrderId'],
  externalCode: ['jahez_id', 'jahezOrderId'],
  storeRef: 'branch_id',
  service: { value: 'delivery' },
  deliveredBy: {
    from: 'delivery_address',
    read: (address) => (typeof address === 'object' && address !== null ? 'restaurant' : 'platform'),
  },
  acceptBy: { from: '@occurredAt', plusMs: ACCEPT_WITHIN_MS },
  customer: { name: 'customer_name', phone: 'phone_number' },
  address: {
    at: 'delivery_address',
    lat: 'delivery_address.geolocation.latitude',
    lng: 'delivery_address.geolocation.longitude',
  },
  lines: {
    at: 'products[]',
    externalId: 'product_id',
    sku: 'product_id',
    quantity: 'quantity',
    // `original_price` is one piece's, `final_price` the line's with its modifiers.
    unitPrice: 'original_price',
    total: 'final_price',
    modifiersAre: 'included',
    note: 'notes',
    modifiers: {
      at: 'modifiers[].options[]',
      externalId: 'id',
      sku: 'id',
      quantity: 'quantity',
      unitPrice: 'original_price',
    },
  },
  totals: {
    items: 'price',
    discount: { sum: ['offer.amount'] },
    grandTotal: 'final_price',
    collectOnDelivery: { from: 'final_price', when: 'payment_method', is: ['CASH'] },
  },
  payment: {
    // POS is the driver's card terminal: paid at the door, like cash.
    status: {
      from: 'payment_method',
      read: (method) => (/^(?:CASH|POS)/.test(text(method) ?? '') ? 'pending' : 'paid'),
    },
    method: { from: 'payment_method', read: (method) => methodOf(text(method) ?? '') },
  },
  note: 'notes',
}

/** A status letter under `path`, and why. */
export function jahezChange(
  orderExternalId: ChangeMap['orderExternalId'],
  status: readonly string[],
  reason: string,
): ChangeMap {
  const letterOf = (given: readonly unknown[]): string => given.map(text).find((each) => each !== null) ?? ''
  return {
    ...(orderExternalId !== undefined && { orderExternalId }),
    to: { from: status, read: (...given) => STATUS[letterOf(given)] ?? null },
    reason: {
      from: [reason, ...status],
      read: (told, ...given) => (letterOf(given) === 'T' ? 'timeout' : text(told)),
    },
  }
}

function methodOf(word: string): Order['payment']['method'] {
  if (word === 'CASH') return 'cash'
  if (word.startsWith('APPLE-PAY')) return 'wallet'
  return /CARD|MADA|POS/.test(word) ? 'card' : 'other'
}
