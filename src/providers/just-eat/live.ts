import type { OrderMap } from '../map/order-map.js'
import { text } from '../read.js'
import type { ProviderTable } from '../table.js'

/** "Answered 202, tell us within 5 minutes." */
const ACCEPT_WITHIN_MS = 300_000

/** JET Connect's order: integers in minor units. The field names are our reading of its public samples (C). */
const ORDER: OrderMap = {
  at: '',
  money: 'minor',
  currency: ['currency', 'payment.currency', 'Currency'],
  country: ['country', 'location.country'],
  externalId: ['id', 'order_id', 'OrderId'],
  externalCode: ['friendly_order_reference', 'third_party_order_reference'],
  displayCode: 'friendly_order_reference',
  storeRef: ['posLocationId', 'location.id', 'restaurant_id'],
  service: { from: 'type', read: (type) => (/^(pickup|collection)/i.test(text(type) ?? '') ? 'pickup' : 'delivery') },
  deliveredBy: {
    from: 'type',
    read: (type) => {
      const word = text(type) ?? ''
      if (/^(pickup|collection)/i.test(word)) return 'customer'
      return /partner|jet|platform/i.test(word) ? 'platform' : 'restaurant'
    },
  },
  scheduledFor: 'scheduled_for',
  placedAt: ['created_at', 'placed_date'],
  // Our 202 starts the clock.
  acceptBy: { from: '@receivedAt', plusMs: ACCEPT_WITHIN_MS },
  pickupAt: ['collect_at', 'due_date'],
  customer: {
    name: { join: ['customer.first_name', 'customer.last_name'] },
    phone: ['customer.phone_number', 'delivery.phone_number'],
    accessCode: ['customer.phone_masking_code', 'delivery.phone_masking_code'],
    email: 'customer.email',
  },
  address: {
    at: 'delivery',
    text: { join: ['delivery.line1', 'delivery.line2', 'delivery.city', 'delivery.postcode'] },
    lat: 'delivery.coordinates.latitude',
    lng: 'delivery.coordinates.longitude',
    note: 'delivery_notes',
  },
  lines: {
    at: 'items[]',
    externalId: ['plu', 'id'],
    sku: 'plu',
    name: 'name',
    quantity: 'quantity',
    unitPrice: 'price',
    modifiersAre: 'added-per-unit',
    note: 'notes',
    modifiers: {
      at: 'children[]',
      children: 'children[]',
      externalId: ['plu', 'id'],
      sku: 'plu',
      name: 'name',
      quantity: 'quantity',
      unitPrice: 'price',
    },
  },
  totals: {
    items: 'payment.items_in_cart.inc_tax',
    discount: { sum: ['payment.adjustments[].price.inc_tax'] },
    deliveryFee: 'delivery.fee',
    tip: 'payment.tip',
    tax: 'payment.tax',
    grandTotal: 'payment.final',
    collectOnDelivery: { from: 'payment.final', when: 'payment_method', is: ['CASH', 'cash'] },
  },
  payment: {
    status: { from: 'payment_method', read: (method) => (/cash/i.test(text(method) ?? '') ? 'pending' : 'paid') },
    method: { from: 'payment_method', read: (method) => (/cash/i.test(text(method) ?? '') ? 'cash' : 'online') },
  },
  note: ['kitchen_notes', 'order_notes'],
}

const ID = ['id', 'order_id', 'OrderId'] as const

/** Just Eat Takeaway's JET Connect (also SkipTheDishes): the path tells the event. */
export const justEatLive: ProviderTable = {
  name: 'just-eat',
  title: 'Just Eat Takeaway (JET Connect)',
  profile: 'live',
  confidence: 'B',
  schemes: [
    {
      kind: 'hmac',
      header: 'X-JET-Connect-Hash',
      encoding: 'base64',
      // The time is not signed: it proves nothing, and is not looked at.
      format: 'HMAC-SHA256 t=*,signature={signature}',
    },
  ],
  endpoints: [
    { method: 'POST', path: '/order', event: 'order', requires: ['items'] },
    { method: 'POST', path: '/cancel', event: 'cancel' },
    { method: 'POST', path: '/driver-status', event: 'driver-status' },
    { method: 'POST', path: '/temporarily-offline', event: 'temporarily-offline' },
    { method: 'POST', path: '/failed-order', event: 'failed-order' },
  ],
  envelope: { occurredAt: ['created_at', 'updated_at'] },
  events: {
    order: { type: 'order.created', dedupe: [ID], order: ORDER },
    cancel: {
      type: 'order.status_changed',
      dedupe: [ID],
      change: { orderExternalId: ID, to: { value: 'cancelled' }, reason: ['reason', 'cancel_reason'] },
    },
    'failed-order': {
      type: 'order.status_changed',
      dedupe: [ID],
      change: { orderExternalId: ID, to: { value: 'failed' }, reason: ['reason', 'failure_reason'] },
    },
    'driver-status': {
      type: 'courier.status_changed',
      dedupe: [ID, ['status', 'driver_status']],
      courier: { orderExternalId: ID, status: ['status', 'driver_status'], name: 'driver.name', at: 'updated_at' },
    },
    'temporarily-offline': {
      type: 'store.status_changed',
      // It goes offline again in the same words: every message counts.
      dedupe: ['@event', '@receivedAt'],
      store: {
        storeRef: ['posLocationId', 'location.id', 'restaurant_id'],
        status: ['status', '@event'],
        reason: 'reason',
      },
    },
  },
  // 202: taken, and decided within five minutes.
  answer: ({ eventType, data }) => {
    const id = ID.map((name) => text(data[name])).find((each) => each !== null) ?? null
    return eventType === 'order' ? { status: 202, json: { OrderId: id } } : { status: 200, json: {} }
  },
}
