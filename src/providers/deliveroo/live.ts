import { coordinate, type Json, list, record, text, toUtc } from '../read.js'
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

/** The rider that was told of last, with the newest entry of its log. */
function newest(all: unknown): { readonly rider: Json; readonly last: Json } {
  const riders = list(all).map((each) => ({
    rider: record(each),
    last: record(list(record(each)['status_log']).at(-1)),
  }))
  const [first = { rider: {}, last: {} }, ...rest] = riders
  const at = ({ last }: typeof first): string => toUtc(last['at']) ?? ''
  return rest.reduce((found, each) => (at(each) > at(found) ? each : found), first)
}

/** The POS webhooks of old: the order is not in a body, and an event says only that it is new or cancelled. */
const legacy: Omit<EventRule, 'type'> = { dedupe: ['order.id'], order: { ...DELIVEROO_ORDER, at: 'order' } }

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
    occurredAt: ['body.order.status_log[-1].at', 'order.status_log[-1].at', 'body.riders[-1].status_log[-1].at'],
    requires: ['event'],
  },
  events: {
    'order.new': { type: 'order.created', ...orderRule },
    'order.status_update': { type: 'order.status_changed', ...orderRule },
    new_order: { type: 'order.created', ...legacy },
    cancel_order: {
      type: 'order.status_changed',
      ...legacy,
      change: { orderExternalId: 'order.id', to: { value: 'cancelled' }, reason: 'order.reject_reason' },
    },
    'rider.status_update': {
      type: 'courier.status_changed',
      dedupe: ['body.order_id', { from: 'body.riders', read: riders }],
      courier: {
        orderExternalId: 'body.order_id',
        status: { from: 'body.riders', read: (all) => text(newest(all).last['status']) },
        name: { from: 'body.riders', read: (all) => text(newest(all).rider['full_name']) },
        phone: { from: 'body.riders', read: (all) => text(newest(all).rider['contact_number']) },
        at: { from: 'body.riders', read: (all) => toUtc(newest(all).last['at']) },
        lat: { from: 'body.riders', read: (all) => coordinate(newest(all).rider['lat']) },
        lng: { from: 'body.riders', read: (all) => coordinate(newest(all).rider['lon']) },
      },
      // Only a rider under way moves the order.
      change: {
        orderExternalId: 'body.order_id',
        to: {
          from: 'body.riders',
          read: (all) => (newest(all).last['status'] === 'rider_in_transit' ? 'picked_up' : null),
        },
      },
    },
    'menu.upload_result': {
      type: 'menu.updated',
      // Each upload of a menu is reported in the same words: every message counts.
      dedupe: ['body.menu_upload_result.menu_id', '@receivedAt'],
      menu: {
        storeRef: ['body.menu_upload_result.site_ids[0]', 'body.menu_upload_result.menu_id'],
        status: 'body.menu_upload_result.http_status',
        errors: 'body.menu_upload_result.errors[]',
      },
    },
  },
}
