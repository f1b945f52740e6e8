import type { EventRule, ProviderTable } from '../table.js'
import { ORDER, STATUS } from './order.js'

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

/** Keeta by the Open Delivery standard: thin events, whose order dispatch fetches from `orderURL`. */
export const keetaLive: ProviderTable = {
  name: 'keeta',
  title: 'Keeta (Open Delivery)',
  profile: 'live',
  confidence: 'A',
  // The reference says base64; the guide shows a hash without saying how it is written.
  schemes: [{ kind: 'hmac', header: 'X-App-Signature', encoding: ['base64', 'hex'] }],
  envelope: { eventType: 'eventType', occurredAt: 'createdAt', requires: ['eventId', 'eventType', 'orderId'] },
  events: {
    CREATED: {
      type: 'order.created',
      dedupe: ['eventId'],
      resource: 'orderURL',
      order: ORDER,
      change: { orderExternalId: 'orderId', to: { value: 'pending' } },
    },
    CONFIRMED: status,
    READY_FOR_PICKUP: status,
    DISPATCHED: status,
    PICKED_UP: status,
    DELIVERED: status,
    CONCLUDED: status,
    CANCELLED: status,
    PICKUP_ONGOING: {
      type: 'courier.status_changed',
      dedupe: ['eventId'],
      courier: { orderExternalId: 'orderId', status: 'eventType' },
    },
    CANCELLATION_REQUESTED: information,
    ORDER_CANCELLATION_REQUEST: information,
    REFUND_REQUESTED: information,
    REFUNDED: information,
  },
  // An empty 200, or it is sent again after 1, 2 and 3 minutes.
  answer: () => ({ status: 200 }),
  api: {
    hosts: ['open.mykeeta.com'],
    tokenUrl: 'https://open.mykeeta.com/api/open/opendelivery/oauth/token',
    scope: 'od.all',
    signatureHeader: 'X-App-Signature',
  },
}
