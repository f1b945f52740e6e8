import type { OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import { text, toUtc } from '../read.js'
import type { ProviderTable } from '../table.js'

const STATUS: Readonly<Record<string, OrderStatus>> = {
  RECEIVED: 'pending',
  ACCEPTED: 'accepted',
  READY_FOR_PICKUP: 'ready',
  DISPATCHED: 'picked_up',
  DELIVERED: 'delivered',
  CANCELLED: 'cancelled',
}

/** Delivery Hero's Partner API order. Its statuses are certain (A), its other fields are one implementation's (C). */
const ORDER: OrderMap = {
  at: '',
  money: 'decimal',
  currency: ['payment.currency', 'currency', 'client.currency'],
  country: ['client.country_code', 'country_code'],
  externalId: 'order_id',
  externalCode: 'external_order_id',
  displayCode: 'order_code',
  storeRef: ['client.store_id', 'client.vendor_id', 'vendor_id', 'client.id'],
  status: { from: 'status', table: STATUS },
  service: { from: 'order_type', read: (type) => (/pickup/i.test(text(type) ?? '') ? 'pickup' : 'delivery') },
  deliveredBy: {
    from: ['order_type', 'transport_type'],
    read: (type, transport) => {
      if (/pickup/i.test(text(type) ?? '')) return 'customer'
      return text(transport) === 'VENDOR_DELIVERY' ? 'restaurant' : 'platform'
    },
  },
  isTest: 'is_test',
  placedAt: ['sys.created_at', 'created_at'],
  acceptBy: 'promised_for',
  promisedAt: 'promised_for',
  customer: {
    name: { join: ['customer.first_name', 'customer.last_name'] },
    phone: 'customer.phone_number',
  },
  address: {
    at: 'customer.delivery_address',
    text: ['customer.delivery_address.formatted_address', 'customer.delivery_address.street'],
    lat: 'customer.delivery_address.latitude',
    lng: 'customer.delivery_address.longitude',
    note: 'customer.delivery_address.instructions',
  },
  lines: {
    at: 'items[]',
    externalId: ['sku', '_id', 'id'],
    sku: 'sku',
    name: 'name',
    quantity: ['pricing.quantity', 'quantity'],
    unitPrice: 'pricing.unit_price',
    total: 'pricing.total_price',
    modifiersAre: 'included',
    note: ['instructions', 'comment'],
  },
  totals: {
    items: 'payment.sub_total',
    discount: 'payment.discount',
    deliveryFee: 'payment.delivery_fee',
    serviceFee: 'payment.service_fee',
    tip: 'payment.rider_tip',
    tax: 'payment.total_taxes',
    grandTotal: ['payment.order_total', 'payment.total'],
  },
  payment: {
    status: { from: 'payment.status', table: { PAID: 'paid', PENDING: 'pending' } },
    method: { from: 'payment.type', table: { PAID: 'online', CASH: 'cash', ONLINE: 'online' } },
  },
  note: 'comment',
}

/** Delivery Hero's Partner API v2: Glovo, HungerStation, foodpanda and others; the whole order at every status. */
export const deliveryHeroLive: ProviderTable = {
  name: 'delivery-hero',
  title: 'Delivery Hero Partner API',
  profile: 'live',
  confidence: 'C',
  schemes: [{ kind: 'static', header: 'Authorization', secret: 'secretKey', auth: 'api_key' }],
  envelope: {
    // Every message is the order: its status is the event's name.
    eventType: 'status',
    occurredAt: {
      from: ['status', 'sys.created_at'],
      read: (status, at) => (status === 'RECEIVED' ? toUtc(at) : null),
    },
    requires: ['order_id', 'status'],
  },
  events: {
    RECEIVED: { type: 'order.created', dedupe: ['order_id'], order: ORDER },
    ...Object.fromEntries(
      ['ACCEPTED', 'READY_FOR_PICKUP', 'DISPATCHED', 'DELIVERED', 'CANCELLED'].map((name) => [
        name,
        {
          type: 'order.status_changed' as const,
          dedupe: ['order_id'],
          order: ORDER,
          change: {
            orderExternalId: 'order_id',
            to: { from: 'status', table: STATUS },
            reason: ['cancellation.reason', 'cancel_reason'],
          },
        },
      ]),
    ),
  },
}
