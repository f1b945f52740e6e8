import type { OrderStatus } from '../../domain/order.js'
import type { EventRule, ProviderTable } from '../table.js'

/** Open Delivery's event names, and what they say of the order. */
const STATUS: Readonly<Record<string, OrderStatus>> = {
  CONFIRMED: 'accepted',
  READY_FOR_PICKUP: 'ready',
  DISPATCHED: 'picked_up',
  PICKED_UP: 'picked_up',
  DELIVERED: 'delivered',
  CONCLUDED: 'delivered',
  CANCELLED: 'cancelled',
}

const status: EventRule = {
  type: 'order.status_changed',
  dedupe: ['eventId'],
  change: { orderExternalId: 'orderId', to: { from: 'eventType', table: STATUS }, reason: 'metadata.reason' },
}

/** Information that moves nothing: a wish to cancel needs an answer, a refund follows an end. */
const information: EventRule = {
  type: 'order.updated',
  dedupe: ['eventId'],
  change: { orderExternalId: 'orderId', to: { from: 'eventType', table: {} } },
}

/**
 * Keeta by the Open Delivery standard: thin events, whose order is at `orderURL`. It is not fetched: the standard leaves
 * the host to the platform, and Keeta's is not known for certain (docs/providers/keeta.md).
 */
export const keetaLive: ProviderTable = {
  name: 'keeta',
  title: 'Keeta (Open Delivery)',
  profile: 'live',
  confidence: 'A',
  schemes: [{ kind: 'hmac', header: 'X-App-Signature', encoding: 'hex' }],
  envelope: { eventType: 'eventType', occurredAt: 'createdAt', requires: ['eventId', 'eventType', 'orderId'] },
  events: {
    CREATED: {
      type: 'order.created',
      dedupe: ['eventId'],
      change: { orderExternalId: 'orderId', to: { value: 'pending' } },
    },
    ...Object.fromEntries(Object.keys(STATUS).map((name) => [name, status])),
    CANCELLATION_REQUESTED: information,
    ORDER_CANCELLATION_REQUEST: information,
    REFUND_REQUESTED: information,
    REFUNDED: information,
  },
  // An empty 200, or it is sent again after 1, 2 and 3 minutes.
  answer: () => ({ status: 200 }),
}
