import { list, record, text } from '../read.js'
import { specAdapter } from '../spec-adapter.js'
import { normaliseDeliveroo } from './normalise.js'

/** Deliveroo as the specification describes it (section 2.3): base64 HMAC-SHA256 of the body. */
export const deliverooSpec = specAdapter({
  name: 'deliveroo',
  title: 'Deliveroo',
  schemes: [{ kind: 'hmac', header: 'X-Deliveroo-HMAC-SHA256', encoding: 'base64' }],
  limits: [],
  // One event name for everything: `data.event` says whether the order is new.
  events: { order_event: null },
  dedupeParts: ({ eventType, data }) => {
    const order = record(data.order)
    const last = record(list(order.status_log).at(-1))
    return [
      eventType,
      text(data.event),
      text(order.id),
      `${text(last.status) ?? text(order.status) ?? ''}@${text(last.at) ?? ''}`,
    ]
  },
  normalise: normaliseDeliveroo,
})
