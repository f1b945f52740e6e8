import type { ProviderTable } from '../table.js'
import { JAHEZ_ORDER, jahezChange } from './order.js'

/** Jahez's partner API: two URLs, one for new orders and one for their status letters. */
export const jahezLive: ProviderTable = {
  name: 'jahez',
  title: 'Jahez partner API',
  profile: 'live',
  confidence: 'B',
  // Jahez documents no credential of its own: the URL you give it may carry the token, or it agrees to send a bearer.
  schemes: [
    { kind: 'static', header: 'Authorization', prefix: 'Bearer', query: 'token', secret: 'secretKey', auth: 'bearer' },
  ],
  endpoints: [
    { method: 'POST', path: '/webhooks/jahez_create_endpoint', event: 'order_create', requires: ['jahez_id'] },
    { method: 'POST', path: '/webhooks/order_update_endpoint', event: 'order_update', requires: ['status'] },
  ],
  envelope: {},
  events: {
    order_create: { type: 'order.created', dedupe: ['jahez_id'], order: { ...JAHEZ_ORDER, at: '' } },
    order_update: {
      type: 'order.status_changed',
      dedupe: [['jahezOrderId', 'jahez_id'], 'status'],
      change: jahezChange(['jahezOrderId', 'jahez_id'], ['status'], 'reason'),
    },
  },
  answer: () => ({ status: 200, json: { success: true } }),
}
