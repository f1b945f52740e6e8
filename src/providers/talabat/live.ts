import { orderIdOf } from '../../domain/ids.js'
import { text } from '../read.js'
import type { EventRule, ProviderTable } from '../table.js'
import { DELIVERY_HERO_ORDER, STATUS } from './order.js'

/** We answer a dispatch with our own order id, and the platform sends it back: no table of ids is needed. */
const OURS = '@params.remoteOrderId'

const statusEvent: EventRule = {
  type: 'order.status_changed',
  dedupe: [OURS, 'status'],
  change: { orderId: OURS, to: { from: 'status', table: STATUS }, reason: 'message' },
}

/** What a status update is where it does not move the order. */
const KIND: Readonly<Record<string, string>> = {
  PRODUCT_ORDER_MODIFICATION_SUCCESSFUL: 'modified',
  PRODUCT_ORDER_MODIFICATION_FAILED: 'not-modified',
  COURIER_ARRIVED_AT_VENDOR: 'courier',
  RIDER_WAITING: 'courier',
}

/** Delivery Hero's POS middleware calling our plugin: the path carries the store and the event. */
export const talabatLive: ProviderTable = {
  name: 'talabat',
  title: 'Talabat (Delivery Hero POS plugin)',
  profile: 'live',
  confidence: 'B',
  schemes: [{ kind: 'jwt', header: 'Authorization', algorithm: 'HS512', claims: { service: 'middleware' } }],
  endpoints: [
    { method: 'POST', path: '/order/{remoteId}', event: 'order_dispatch', requires: ['token'] },
    {
      method: 'PUT',
      path: '/remoteId/{remoteId}/remoteOrder/{remoteOrderId}/posOrderStatus',
      event: 'posOrderStatus',
      requires: ['status'],
    },
    { method: 'PUT', path: '/remoteId/{remoteId}/availability', event: 'availability' },
    { method: 'GET', path: '/menuimport/{remoteId}', event: 'menuimport', body: 'none' },
    { method: 'POST', path: '/catalog-import-callback', event: 'catalog-import-callback', requires: ['status'] },
  ],
  envelope: { occurredAt: 'createdAt' },
  kind: { from: 'status', read: (status) => KIND[text(status) ?? ''] ?? null },
  events: {
    order_dispatch: { type: 'order.created', dedupe: ['token'], order: { ...DELIVERY_HERO_ORDER, at: '' } },
    posOrderStatus: statusEvent,
    'posOrderStatus:modified': {
      type: 'order.updated',
      // An order may be changed several times, and the message does not say which change it is.
      dedupe: [OURS, 'status', '@receivedAt'],
      order: { ...DELIVERY_HERO_ORDER, at: 'updatedOrder' },
    },
    'posOrderStatus:not-modified': { ...statusEvent, type: 'order.updated', dedupe: [OURS, 'status', '@receivedAt'] },
    'posOrderStatus:courier': {
      type: 'courier.status_changed',
      dedupe: [OURS, 'status'],
      courier: { orderId: OURS, status: 'status' },
    },
    availability: {
      type: 'store.status_changed',
      // A store opens and closes many times with the same words: every message counts.
      dedupe: ['@params.remoteId', '@receivedAt'],
      store: { storeRef: '@params.remoteId', status: ['status', 'availabilityState'], reason: ['reason', 'message'] },
    },
    menuimport: {
      type: 'menu.updated',
      dedupe: ['@params.remoteId', '@receivedAt'],
      menu: { storeRef: '@params.remoteId', status: { value: 'requested' } },
    },
    'catalog-import-callback': {
      type: 'menu.updated',
      dedupe: ['catalogImportId', 'status'],
      menu: { storeRef: 'details[0].posVendorId', status: 'status', errors: 'details[].errors[]' },
    },
  },
  answer: ({ eventType, data }, { clientId }) => {
    const token = text(data['token'])
    if (eventType !== 'order_dispatch' || token === null) return { status: 200, json: {} }
    return { status: 200, json: { remoteResponse: { remoteOrderId: orderIdOf('talabat', clientId, token) } } }
  },
}
