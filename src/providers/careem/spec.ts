import { record, text } from '../read.js'
import { specAdapter } from '../spec-adapter.js'
import { normaliseCareem } from './normalise.js'

const TOLERANCE_MS = 300_000

/** Careem Now as the specification describes it (section 2.1): key, client id and a signature over `${timestamp}.${body}`. */
export const careemSpec = specAdapter({
  name: 'careem',
  title: 'Careem Now',
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
  events: {
    'order.created': 'order.created',
    'order.updated': 'order.status_changed',
    'order.cancelled': 'order.status_changed',
    'order.delivered': 'order.status_changed',
    'menu.updated': 'menu.updated',
  },
  dedupeParts: ({ eventType, occurredAt, data }) => {
    if (eventType === 'menu.updated') return [eventType, text(record(data.menu).restaurant_id), occurredAt]
    const order = record(data.order)
    return [eventType, text(order.id), text(order.status), occurredAt]
  },
  normalise: normaliseCareem,
})
