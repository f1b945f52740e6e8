import { text } from '../read.js'
import type { ProviderTable } from '../table.js'
import { DELIVERY_HERO_ORDER, STATUS } from './order.js'

/** The platform's id of the order an event is about. */
const ORDER_ID = ['order.token', 'order.id', 'token', 'order_id'] as const
const STATUS_WORD = ['status', 'order.status'] as const

/** Talabat as the specification describes it (section 2.2): one static key, no signature. */
export const talabatSpec: ProviderTable = {
  name: 'talabat',
  title: 'Talabat',
  profile: 'spec',
  confidence: 'A',
  schemes: [{ kind: 'static', header: 'X-Talabat-API-Key', secret: 'secretKey', auth: 'api_key' }],
  limits: [
    { windowMs: 10_000, max: 100 },
    { windowMs: 60_000, max: 500 },
    { windowMs: 3_600_000, max: 5_000 },
  ],
  envelope: 'spec',
  events: {
    order_notification: {
      type: 'order.created',
      // A dispatch is told apart by its token alone: the platform may stamp a resend anew.
      dedupe: [ORDER_ID],
      order: { ...DELIVERY_HERO_ORDER, at: 'order' },
    },
    status_update: {
      type: 'order.status_changed',
      dedupe: [ORDER_ID, STATUS_WORD, '@occurredAt'],
      change: {
        orderExternalId: ORDER_ID,
        to: {
          from: STATUS_WORD,
          read: (...given) => {
            const word = (given.map(text).find((each) => each !== null) ?? '').toUpperCase()
            return Object.hasOwn(STATUS, word) ? (STATUS[word] ?? null) : null
          },
        },
        reason: ['message', 'reason'],
      },
    },
    menu_sync: {
      type: 'menu.updated',
      dedupe: ['vendor_id', 'import_id', 'status', '@occurredAt'],
      menu: { storeRef: 'vendor_id', status: 'status', errors: 'errors[]' },
    },
  },
}
