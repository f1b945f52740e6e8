import type { OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import type { ChangeMap, ProviderTable } from '../table.js'

const TOLERANCE_MS = 300_000

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

const ORDER: OrderMap = {
  at: 'order',
  money: 'decimal',
  currency: 'currency',
  externalId: 'id',
  externalCode: 'order_number',
  displayCode: 'order_number',
  storeRef: 'restaurant_id',
  status: { from: 'status', table: STATUS },
  service: { value: 'delivery' },
  deliveredBy: { value: 'platform' },
  placedAt: 'created_at',
  customer: { name: 'customer.name', phone: 'customer.phone', email: 'customer.email' },
  address: {
    at: 'delivery_address',
    text: 'delivery_address.formatted_address',
    lat: 'delivery_address.coordinates.lat',
    lng: 'delivery_address.coordinates.lng',
  },
  lines: {
    at: 'items[]',
    externalId: 'id',
    sku: 'menu_item_id',
    name: 'name',
    quantity: 'quantity',
    unitPrice: 'unit_price',
    total: 'total_price',
    // `total_price` leaves modifiers out, and a modifier's quantity is per line: 2 × 25.00 and one 2.00 sauce make 52.00.
    modifiersAre: 'added-once',
    note: 'notes',
    modifiers: { at: 'modifiers[]', externalId: 'id', name: 'name', quantity: 'quantity', unitPrice: 'price' },
  },
  totals: {
    grandTotal: 'total_amount',
    collectOnDelivery: { from: 'total_amount', when: 'payment_method', is: ['cash'] },
  },
  payment: {
    status: {
      from: 'payment_status',
      table: { paid: 'paid', pending: 'pending', unpaid: 'pending', refunded: 'refunded' },
    },
    method: { from: 'payment_method', table: { card: 'card', cash: 'cash', wallet: 'wallet', online: 'online' } },
  },
  note: 'notes',
}

const REASON = ['cancellation.reason', 'cancellation.reason_code'] as const
const CHANGE: ChangeMap = {
  orderExternalId: 'order.id',
  to: { from: 'order.status', table: STATUS },
  reason: REASON,
}
const DEDUPE = ['order.id', 'order.status', '@occurredAt'] as const

/** Careem Now as the specification describes it (section 2.1): key, client id and a signature over `${timestamp}.${body}`. */
export const careemSpec: ProviderTable = {
  name: 'careem',
  title: 'Careem Now',
  profile: 'spec',
  confidence: 'A',
  schemes: [
    { kind: 'static', header: 'Authorization', prefix: 'Bearer', secret: 'apiKey', auth: 'bearer' },
    { kind: 'static', header: 'X-Careem-Client-Id', secret: 'clientId', auth: 'api_key' },
    {
      kind: 'hmac',
      header: 'X-Careem-Signature',
      encoding: 'hex',
      before: ['{X-Careem-Timestamp}.'],
      timestamp: { header: 'X-Careem-Timestamp', toleranceMs: TOLERANCE_MS },
    },
  ],
  limits: [
    { windowMs: 10_000, max: 200 },
    { windowMs: 60_000, max: 1_000 },
    { windowMs: 3_600_000, max: 10_000 },
    { windowMs: 86_400_000, max: 100_000 },
  ],
  envelope: 'spec',
  events: {
    'order.created': { type: 'order.created', dedupe: DEDUPE, order: ORDER, change: CHANGE },
    'order.updated': { type: 'order.status_changed', dedupe: DEDUPE, order: ORDER, change: CHANGE },
    'order.cancelled': {
      type: 'order.status_changed',
      dedupe: DEDUPE,
      order: { ...ORDER, status: { value: 'cancelled' } },
      change: { ...CHANGE, to: { value: 'cancelled' } },
    },
    'order.delivered': {
      type: 'order.status_changed',
      dedupe: DEDUPE,
      order: { ...ORDER, status: { value: 'delivered' } },
      change: { ...CHANGE, to: { value: 'delivered' } },
    },
    'menu.updated': {
      type: 'menu.updated',
      dedupe: ['menu.restaurant_id', '@occurredAt'],
      menu: {
        storeRef: 'menu.restaurant_id',
        items: {
          at: 'menu.items[]',
          externalId: 'menu_item_id',
          name: 'name',
          price: 'price',
          currency: 'currency',
          available: 'available',
          unavailableUntil: 'unavailable_until',
        },
      },
    },
  },
}
