import type { EventRule, ProviderTable } from '../table.js'
import { DELIVEROO_ORDER, lastStatus, STATUS } from './order.js'

const rule: Omit<EventRule, 'type'> = {
  dedupe: [
    'event',
    'order.id',
    { from: ['order.status_log[-1].status', 'order.status_log[-1].at', 'order.status'], read: lastStatus },
  ],
  order: { ...DELIVEROO_ORDER, at: 'order' },
  change: {
    orderExternalId: 'order.id',
    to: { from: 'order.status', table: STATUS },
    reason: 'order.reject_reason',
  },
}

/** Deliveroo as the specification describes it (section 2.3): base64 HMAC-SHA256 of the body; one event name for everything. */
export const deliverooSpec: ProviderTable = {
  name: 'deliveroo',
  title: 'Deliveroo',
  profile: 'spec',
  confidence: 'A',
  schemes: [{ kind: 'hmac', header: 'X-Deliveroo-HMAC-SHA256', encoding: 'base64' }],
  envelope: 'spec',
  kind: { from: 'event', read: (event) => (event === 'order.new' ? 'new' : null) },
  events: {
    'order_event:new': { type: 'order.created', ...rule },
    order_event: { type: 'order.status_changed', ...rule },
  },
}
