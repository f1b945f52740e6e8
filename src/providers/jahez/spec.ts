import { record, text } from '../read.js'
import { specAdapter } from '../spec-adapter.js'
import { normaliseJahez } from './normalise.js'

/** Jahez as the specification describes it (section 2.4): a bearer token, no signature. */
export const jahezSpec = specAdapter({
  name: 'jahez',
  title: 'Jahez',
  schemes: [{ kind: 'static', header: 'Authorization', prefix: 'Bearer', secret: 'secretKey', auth: 'bearer' }],
  limits: [],
  // One event name for everything: `data.action` says whether the order is new.
  events: { order_action: null },
  dedupeParts: ({ eventType, data }) => {
    const order = record(data.order)
    const id = text(order.jahez_id) ?? text(order.jahezOrderId)
    // A create is told apart by its order alone, an update by the status it reports.
    return text(data.action) === 'create'
      ? [eventType, 'create', id]
      : [eventType, text(data.action) ?? 'update', id, text(order.status) ?? text(data.status)]
  },
  normalise: normaliseJahez,
})
