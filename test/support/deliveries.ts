import { type Client, clientSettingsSchema, type Webhook } from '../../src/domain/client.js'
import type { Delivery } from '../../src/domain/delivery.js'
import type { CanonicalEvent } from '../../src/domain/event.js'
import type { DeliverPorts } from '../../src/processors/deliver/deliver.js'

/** When everything in tests of deliveries happens. */
export const DELIVERED_AT = new Date('2026-03-14T17:00:00.000Z')
const at = DELIVERED_AT.toISOString()

/** `wh_1` of client `c`, for everything Careem sends. */
export function aWebhook(changes: Partial<Webhook> = {}): Webhook {
  return {
    id: 'wh_1',
    clientId: 'c',
    provider: 'careem',
    profile: 'spec',
    url: 'http://pos.example/hook',
    events: ['*'],
    status: 'active',
    disabledReason: null,
    credentials: { secretKey: 's' },
    signingSecret: `whsec_${Buffer.from('key').toString('base64')}`,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

/** Client `c` with one registration and the default settings. */
export function aClientOf(webhook: Webhook): Client {
  return { clientId: 'c', version: 1, settings: clientSettingsSchema.parse({}), webhooks: [webhook] }
}

/** An event of no order, `evt_1` unless changed. */
export function anEvent(changes: Partial<CanonicalEvent> = {}): CanonicalEvent {
  return {
    v: 1,
    id: 'evt_1',
    type: 'order.created',
    provider: 'careem',
    clientId: 'c',
    occurredAt: at,
    receivedAt: at,
    dedupeKey: 'k',
    source: { eventType: 'order.created', profile: 'spec', auth: 'hmac' },
    data: {},
    ...changes,
  }
}

/** A first automatic attempt of an event for `wh_1`. */
export function aDelivery(event: CanonicalEvent, changes: Partial<Delivery> = {}): Delivery {
  return {
    v: 1,
    event,
    webhookId: 'wh_1',
    attempt: 1,
    trigger: 'automatic',
    priority: 'medium',
    after: null,
    queuedAt: at,
    payload: '{}',
    ...changes,
  }
}

type Asked = 'schedule' | 'cancelScheduled' | 'bury' | 'raise' | 'record'

/** The ports of deliver that only note what they were asked. */
export function notingPorts(
  note: (name: Asked, ...asked: readonly unknown[]) => void,
): Pick<DeliverPorts, Asked | 'now'> {
  return {
    schedule: async (...asked) => note('schedule', ...asked),
    cancelScheduled: async (...asked) => note('cancelScheduled', ...asked),
    bury: async (...asked) => note('bury', ...asked),
    raise: async (...asked) => note('raise', ...asked),
    record: async (...asked) => note('record', ...asked),
    now: () => DELIVERED_AT,
  }
}
