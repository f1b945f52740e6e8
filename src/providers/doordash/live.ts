import { addMoney } from '../../domain/money.js'
import type { Money } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import type { ProviderTable } from '../table.js'

/** From memory of the public pages (C): an order nobody confirms fails after about three minutes. */
const ACCEPT_WITHIN_MS = 180_000

const PARTS = ['subtotal', 'tax', 'tip_amount', 'merchant_tip_amount', 'delivery_fee']

/** DoorDash Marketplace's order: integers in cents, options priced per piece, tax on top. Paths start at the order. */
const ORDER: OrderMap = {
  at: 'order',
  money: 'minor',
  // The payload names none; Marketplace trades in dollars (docs/providers/doordash.md).
  currency: { value: 'USD' },
  country: { value: 'US' },
  externalId: 'id',
  externalCode: 'id',
  displayCode: 'delivery_short_code',
  storeRef: 'store.merchant_supplied_id',
  service: { from: 'is_pickup', read: (isPickup) => (isPickup === true ? 'pickup' : 'delivery') },
  deliveredBy: {
    from: ['is_pickup', 'fulfillment_type'],
    read: (isPickup, type) => (isPickup === true ? 'customer' : type === 'mx_delivery' ? 'restaurant' : 'platform'),
  },
  acceptBy: { from: '@receivedAt', plusMs: ACCEPT_WITHIN_MS },
  pickupAt: 'estimated_pickup_time',
  customer: {
    name: { join: ['consumer.first_name', 'consumer.last_name'] },
    phone: 'consumer.phone',
    email: 'consumer.email',
  },
  address: {
    at: 'delivery_address',
    text: { join: ['street', 'subpremise', 'city', 'state', 'zip_code'].map((part) => `delivery_address.${part}`) },
    lat: 'delivery_address.lat',
    lng: 'delivery_address.lng',
  },
  lines: {
    at: 'categories[].items[]',
    externalId: 'merchant_supplied_id',
    sku: 'merchant_supplied_id',
    name: 'name',
    quantity: 'quantity',
    unitPrice: 'price',
    modifiersAre: 'added-per-unit',
    note: 'special_instructions',
    modifiers: {
      at: 'extras[].options[]',
      // One of the platform's samples spells it without the s.
      children: ['extras[].options[]', 'extra[].options[]'],
      externalId: 'merchant_supplied_id',
      sku: 'merchant_supplied_id',
      name: 'name',
      quantity: 'quantity',
      unitPrice: 'price',
    },
  },
  totals: {
    items: 'subtotal',
    deliveryFee: 'delivery_fee',
    tip: { sum: ['tip_amount', 'merchant_tip_amount'] },
    tax: 'tax',
    // The order names no total of its own.
    grandTotal: {
      from: PARTS,
      read: (amounts) => (amounts[0] == null ? null : amounts.reduce<Money | null>(addMoney, null)),
    },
    collectOnDelivery: 'zero',
  },
  taxIsAdded: true,
  payment: { status: { value: 'paid' }, method: { value: 'online' } },
  note: 'order_special_instructions',
}

const ID = ['order.id', 'external_order_id', 'event.order_id'] as const
const DEDUPE = [ID, 'event.status'] as const

/** DoorDash Marketplace: a fixed header; 202 says that the restaurant will still decide. */
export const doordashLive: ProviderTable = {
  name: 'doordash',
  title: 'DoorDash Marketplace',
  profile: 'live',
  confidence: 'A',
  schemes: [{ kind: 'static', header: 'Authorization', secret: 'secretKey', auth: 'api_key' }],
  envelope: { eventType: 'event.type', requires: ['event'] },
  events: {
    OrderCreate: { type: 'order.created', dedupe: DEDUPE, order: ORDER },
    // The names of the next two are not verified: one integration's (C).
    OrderCancel: {
      type: 'order.status_changed',
      dedupe: DEDUPE,
      change: { orderExternalId: ID, to: { value: 'cancelled' }, reason: ['event.reason', 'order.cancel_reason'] },
    },
    DasherStatusUpdate: {
      type: 'courier.status_changed',
      dedupe: [ID, ['dasher_status', 'event.status']],
      courier: { orderExternalId: ID, status: ['dasher_status', 'event.status'] },
      change: {
        orderExternalId: ID,
        to: { from: 'dasher_status', table: { dasher_out_for_delivery: 'picked_up', dropoff: 'delivered' } },
      },
    },
  },
  answer: ({ eventType }) => ({ status: eventType === 'OrderCreate' ? 202 : 200 }),
}
