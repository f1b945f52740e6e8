import type { OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import { toUtc } from '../read.js'
import type { EventRule, ProviderTable } from '../table.js'

/** Statuses that move the order. The driver's (`driver_coming`, `driver_here`) are the courier's; `slot_*` are information only. */
const STATUS: Readonly<Record<string, OrderStatus>> = {
  pending: 'pending',
  accepted: 'accepted',
  ready: 'ready',
  trip_started: 'picked_up',
  trip_ended: 'delivered',
  cancelled: 'cancelled',
}

/** Items and options are ids only: names come from the restaurant's own catalogue. Money is in major units, as JSON numbers. */
const ORDER: OrderMap = {
  at: 'details',
  money: 'decimal',
  // The platform names no currency; it trades in dirhams where orderwire is used (docs/providers/careem.md).
  currency: { value: 'AED' },
  country: { value: 'AE' },
  externalId: 'id',
  externalCode: 'id',
  storeRef: 'branch.id',
  status: { from: 'status', table: STATUS },
  service: { value: 'delivery' },
  deliveredBy: { from: 'delivery_type', table: { careem: 'platform', merchant: 'restaurant' } },
  scheduledFor: {
    from: ['is_scheduled', 'delivery.schedule_detail.time_slot.start'],
    read: (isScheduled, start) => (isScheduled === false ? null : toUtc(start)),
  },
  placedAt: 'created_at',
  customer: {
    name: 'customer.name',
    // A JSON number, without the plus.
    phone: {
      from: 'customer.phone_number',
      read: (number) => (typeof number === 'number' ? `+${number}` : typeof number === 'string' ? number : null),
    },
  },
  address: {
    at: 'customer.address',
    text: ['customer.address.formatted_address', 'customer.address.street', 'customer.address.area'],
    lat: 'customer.address.location.lat',
    lng: 'customer.address.location.lng',
    note: 'customer.address.note',
  },
  lines: {
    at: 'items[]',
    externalId: 'id',
    sku: 'id',
    quantity: 'quantity',
    unitPrice: ['unit_price', 'price'],
    total: 'total_price',
    modifiersAre: 'added-once',
    modifiers: {
      at: 'groups[].options[]',
      children: 'groups[].options[]',
      externalId: 'id',
      sku: 'id',
      quantity: 'quantity',
      unitPrice: ['unit_price', 'price'],
      total: 'total_price',
    },
  },
  totals: {
    items: 'price.original_total_price',
    discount: {
      sum: [
        'price.careem_discount_amount',
        'price.merchant_discount_amount',
        'price.careem_promo_amount',
        'price.merchant_promo_amount',
      ],
    },
    deliveryFee: 'price.delivery_fee',
    serviceFee: 'price.service_fee',
    grandTotal: 'price.total_taxable_price',
    collectOnDelivery: 'cash_in',
  },
  payment: {
    status: { from: 'merchant_pay_type', table: { prepaid: 'paid', postpaid: 'pending' } },
    method: { from: 'customer.payment_type', table: { cash: 'cash', card: 'card', wallet: 'wallet' } },
  },
  note: 'notes',
}

const ID = 'details.id'
const catalog: EventRule = {
  type: 'menu.updated',
  dedupe: ['details.request_id', 'details.status'],
  menu: { storeRef: 'details.branch.id', status: 'details.status' },
}

/** Careem POS API 2.1.0: a static key in a header, nothing signed, `{event_type, details}`. */
export const careemLive: ProviderTable = {
  name: 'careem',
  title: 'Careem POS API',
  profile: 'live',
  confidence: 'B',
  schemes: [{ kind: 'static', header: 'x-careem-api-key', secret: 'secretKey', auth: 'api_key' }],
  envelope: {
    eventType: 'event_type',
    // Statuses carry no time of their own: `created_at` is the order's in them too.
    occurredAt: {
      from: ['event_type', 'details.created_at'],
      read: (type, at) => (type === 'ORDER_CREATED' ? toUtc(at) : null),
    },
    requires: ['event_type', 'details'],
  },
  // A status that is the driver's, or information only, is another event than one of the order.
  kind: {
    from: ['event_type', 'details.status'],
    read: (type, status) => {
      if (type !== 'ORDER_STATUS_UPDATED') return null
      if (status === 'driver_coming' || status === 'driver_here') return 'driver'
      return status === 'slot_upcoming' || status === 'slot_started' ? 'slot' : null
    },
  },
  events: {
    ORDER_CREATED: {
      type: 'order.created',
      dedupe: [ID, 'details.status'],
      order: ORDER,
      change: { orderExternalId: ID, to: { from: 'details.status', table: STATUS } },
    },
    ORDER_STATUS_UPDATED: {
      type: 'order.status_changed',
      dedupe: [ID, 'details.status'],
      order: ORDER,
      change: {
        orderExternalId: ID,
        to: { from: 'details.status', table: STATUS },
        reason: ['details.cancellation_reason', 'details.reason'],
      },
    },
    'ORDER_STATUS_UPDATED:driver': {
      type: 'courier.status_changed',
      dedupe: [ID, 'details.status'],
      courier: { orderExternalId: ID, status: 'details.status' },
    },
    'ORDER_STATUS_UPDATED:slot': { type: 'order.updated', dedupe: [ID, 'details.status'], order: ORDER },
    ORDER_ITEM_REPLACEMENT_ACCEPTED: { type: 'order.updated', dedupe: [ID, 'details.updated_at'], order: ORDER },
    // The same documentation spells it both ways.
    CATALOG_REQUEST_STATUS_UPDATED: catalog,
    CATALOG_STATUS_UPDATED: catalog,
  },
}
