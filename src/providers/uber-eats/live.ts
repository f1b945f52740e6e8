import type { OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import type { EventRule, ProviderTable } from '../table.js'

const STATUS: Readonly<Record<string, OrderStatus>> = {
  CREATED: 'pending',
  ACCEPTED: 'accepted',
  DENIED: 'rejected',
  FINISHED: 'delivered',
  CANCELED: 'cancelled',
}

/** "Accept or deny within 11.5 minutes", or the order is cancelled. */
const ACCEPT_WITHIN_MS = 690_000

/** Uber's order v2, as `resource_href` answers it. Money is `{amount, currency_code}` in minor units; tax comes on top. */
const ORDER: OrderMap = {
  at: '',
  money: 'amount',
  externalId: 'id',
  externalCode: 'external_reference_id',
  displayCode: 'display_id',
  storeRef: ['store.external_reference_id', 'store.id'],
  status: { from: 'current_state', table: STATUS },
  service: {
    from: 'type',
    table: {
      DELIVERY_BY_UBER: 'delivery',
      DELIVERY_BY_RESTAURANT: 'delivery',
      DELIVERY_BY_MERCHANT: 'delivery',
      PICK_UP: 'pickup',
      DINE_IN: 'dine_in',
    },
  },
  deliveredBy: {
    from: 'type',
    table: {
      DELIVERY_BY_UBER: 'platform',
      DELIVERY_BY_RESTAURANT: 'restaurant',
      DELIVERY_BY_MERCHANT: 'restaurant',
      PICK_UP: 'customer',
      DINE_IN: 'restaurant',
    },
  },
  placedAt: 'placed_at',
  // The notification starts the clock: a scheduled order was placed long before.
  acceptBy: { from: '@occurredAt', plusMs: ACCEPT_WITHIN_MS },
  pickupAt: 'estimated_ready_for_pickup_at',
  customer: { name: 'eater.first_name', phone: 'eater.phone', accessCode: 'eater.phone_code', masked: true },
  address: {
    at: 'eater.delivery.location',
    text: 'eater.delivery.location.street_address',
    lat: 'eater.delivery.location.latitude',
    lng: 'eater.delivery.location.longitude',
    note: 'eater.delivery.notes',
  },
  lines: {
    at: 'cart.items[]',
    externalId: ['instance_id', 'id'],
    sku: ['external_data', 'id'],
    name: 'title',
    quantity: 'quantity',
    unitPrice: 'price.unit_price',
    total: 'price.total_price',
    modifiersAre: 'included',
    note: 'special_instructions',
    modifiers: {
      at: 'selected_modifier_groups[].selected_items[]',
      children: 'selected_modifier_groups[].selected_items[]',
      externalId: 'id',
      sku: 'external_data',
      name: 'title',
      quantity: 'quantity',
      unitPrice: 'price.unit_price',
      total: 'price.total_price',
    },
  },
  totals: {
    items: 'payment.charges.sub_total',
    serviceFee: 'payment.charges.total_fee',
    tip: 'payment.charges.tip',
    tax: 'payment.charges.tax',
    grandTotal: 'payment.charges.total',
    collectOnDelivery: ['payment.charges.cash_amount_due', 'payment.accounting.cash_amount_due'],
  },
  taxIsAdded: true,
  payment: { status: { value: 'paid' }, method: { value: 'online' } },
  note: 'cart.special_instructions',
}

const DEDUPE = ['event_id'] as const
const ID = 'meta.resource_id'
const RESOURCE = 'resource_href'
const created: EventRule = { type: 'order.created', dedupe: DEDUPE, resource: RESOURCE, order: ORDER }
// An order that changed later was accepted, or is past its deadline.
const { acceptBy: _, ...LATER } = ORDER
const updated: EventRule = { type: 'order.updated', dedupe: DEDUPE, resource: RESOURCE, order: LATER }
const cancelled: EventRule = {
  type: 'order.status_changed',
  dedupe: DEDUPE,
  change: { orderExternalId: ID, to: { value: 'cancelled' }, reason: ['meta.reason', 'meta.status'] },
}
const store: EventRule = {
  type: 'store.status_changed',
  dedupe: DEDUPE,
  store: { storeRef: ['store_id', ID, 'meta.user_id'], status: 'event_type' },
}

/** Uber Eats: thin events; the order itself is fetched by dispatch. */
export const uberEatsLive: ProviderTable = {
  name: 'uber-eats',
  title: 'Uber Eats',
  profile: 'live',
  confidence: 'A',
  schemes: [{ kind: 'hmac', header: 'X-Uber-Signature', encoding: 'hex' }],
  envelope: {
    eventType: 'event_type',
    occurredAt: { from: 'event_time', unix: 'seconds' },
    requires: ['event_id', 'event_type'],
  },
  events: {
    'orders.notification': created,
    'orders.scheduled.notification': created,
    'orders.release': updated,
    'order.fulfillment_issues.resolved': updated,
    'orders.cancel': cancelled,
    'orders.failure': cancelled,
    'delivery.state_changed': {
      type: 'courier.status_changed',
      dedupe: DEDUPE,
      courier: { orderExternalId: ['meta.order_id', ID], status: ['meta.status', 'meta.current_state'] },
      change: {
        orderExternalId: ['meta.order_id', ID],
        to: { from: 'meta.status', table: { EN_ROUTE_TO_DROPOFF: 'picked_up', COMPLETED: 'delivered' } },
      },
    },
    'store.provisioned': store,
    'store.deprovisioned': store,
    'store.status.changed': store,
    'store.menu_refresh_request': {
      type: 'menu.updated',
      dedupe: DEDUPE,
      menu: { storeRef: ['store_id', ID, 'meta.user_id'], status: { value: 'requested' } },
    },
  },
  // An empty 200, or it is sent again.
  answer: () => ({ status: 200 }),
  api: { hosts: ['api.uber.com'], tokenUrl: 'https://auth.uber.com/oauth/v2/token', scope: 'eats.order' },
}
