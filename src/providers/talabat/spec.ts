import { record, text } from '../read.js'
import { specAdapter } from '../spec-adapter.js'
import { normaliseTalabat, orderIdIn, statusWordIn } from './normalise.js'

/** Talabat as the specification describes it (section 2.2): one static key, no signature. */
export const talabatSpec = specAdapter({
  name: 'talabat',
  title: 'Talabat',
  schemes: [{ kind: 'static', header: 'X-Talabat-API-Key', secret: 'secretKey', auth: 'api_key' }],
  limits: [
    { windowMs: 10_000, max: 100 },
    { windowMs: 60_000, max: 500 },
    { windowMs: 3_600_000, max: 5_000 },
  ],
  events: { order_notification: 'order.created', status_update: 'order.status_changed', menu_sync: 'menu.updated' },
  dedupeParts: ({ eventType, occurredAt, data }) => {
    if (eventType === 'menu_sync')
      return [eventType, text(data.vendor_id), text(data.import_id), text(data.status), occurredAt]
    // A dispatch is told apart by its token alone: the platform may stamp a resend anew.
    if (eventType === 'order_notification') return [eventType, text(record(data.order).token) ?? orderIdIn(data)]
    return [eventType, orderIdIn(data), statusWordIn(data), occurredAt]
  },
  normalise: normaliseTalabat,
})
