import type { ProviderTable } from '../table.js'
import { JAHEZ_ORDER, jahezChange } from './order.js'

const ORDER_ID = ['order.jahez_id', 'order.jahezOrderId'] as const
const LETTER = ['order.status', 'status'] as const

/** Jahez as the specification describes it (section 2.4): a bearer token, no signature; one event name for everything. */
export const jahezSpec: ProviderTable = {
  name: 'jahez',
  title: 'Jahez',
  profile: 'spec',
  confidence: 'A',
  schemes: [{ kind: 'static', header: 'Authorization', prefix: 'Bearer', secret: 'secretKey', auth: 'bearer' }],
  envelope: 'spec',
  kind: { from: 'action', read: (action) => (action === 'create' ? 'create' : null) },
  events: {
    // A create is told apart by its order alone, an update by the status it reports.
    'order_action:create': {
      type: 'order.created',
      dedupe: ['action', ORDER_ID],
      order: { ...JAHEZ_ORDER, at: 'order' },
    },
    order_action: {
      type: 'order.status_changed',
      dedupe: [
        { from: 'action', read: (action) => (typeof action === 'string' ? action : 'update') },
        ORDER_ID,
        LETTER,
      ],
      change: jahezChange(ORDER_ID, LETTER, 'order.reason'),
    },
  },
}
