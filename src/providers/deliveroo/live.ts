import { list, record, text } from '../read.js'
import type { EventRule, ProviderTable } from '../table.js'
import { DELIVEROO_ORDER, lastStatus, STATUS } from './order.js'

const orderRule: Omit<EventRule, 'type'> = {
  dedupe: [
    'body.order.id',
    {
      from: ['body.order.status_log[-1].status', 'body.order.status_log[-1].at', 'body.order.status'],
      read: lastStatus,
    },
  ],
  order: { ...DELIVEROO_ORDER, at: 'body.order' },
  change: {
    orderExternalId: 'body.order.id',
    to: { from: 'body.order.status', table: STATUS },
    reason: 'body.order.reject_reason',
  },
}

/** Every rider with the newest of its statuses: several riders may serve one order, so statuses repeat. */
function riders(all: unknown): string | null {
  const last = list(all).map((rider) => record(list(record(rider)['status_log']).at(-1)))
  return last.map(({ status, at }) => `${text(status) ?? ''}@${text(at) ?? ''}`).join(',') || null
}

/** Deliveroo's Order, Rider and Menu webhooks: hex HMAC over the sequence id, a space and the body. */
export const deliverooLive: ProviderTable = {
  name: 'deliveroo',
  title: 'Deliveroo Partner Platform',
  profile: 'live',
  confidence: 'A',
  schemes: [
    {
      kind: 'hmac',
      header: 'X-Deliveroo-Hmac-Sha256',
      encoding: 'hex',
      // The second is the legacy POS webhooks' own separator.
      before: ['{X-Deliveroo-Sequence-Guid} ', '{X-Deliveroo-Sequence-Guid} \n '],
    },
  ],
  envelope: {
    eventType: 'event',
    occurredAt: ['body.order.status_log[-1].at', 'body.riders[0].status_log[-1].at'],
    requires: ['event', 'body'],
  },
  events: {
    'order.new': { type: 'order.created', ...orderRule },
    'order.status_update': { type: 'order.status_changed', ...orderRule },
    'rider.status_update': {
      type: 'courier.status_changed',
      dedupe: ['body.order_id', { from: 'body.riders', read: riders }],
      courier: {
        orderExternalId: 'body.order_id',
        status: 'body.riders[0].status_log[-1].status',
        name: 'body.riders[0].full_name',
        phone: 'body.riders[0].contact_number',
        at: 'body.riders[0].status_log[-1].at',
        lat: 'body.riders[0].lat',
        lng: 'body.riders[0].lon',
      },
    },
    'menu.upload_result': {
      type: 'menu.updated',
      // An upload of the same menu is reported anew each time: the bytes tell a resend.
      dedupe: [{ from: 'event', read: () => null }],
      menu: {
        storeRef: ['body.menu_upload_result.site_ids[0]', 'body.menu_upload_result.menu_id'],
        status: 'body.menu_upload_result.http_status',
        errors: 'body.menu_upload_result.errors[]',
      },
    },
  },
}
