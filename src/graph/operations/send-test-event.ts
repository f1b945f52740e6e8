import type { CanonicalEvent } from '../../domain/event.js'
import { orderIdOf, randomId } from '../../domain/ids.js'
import type { Log } from '../../domain/log.js'
import { type Caller, requireRole } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { audit } from './audit.js'
import { findWebhook } from './change-webhook.js'
import { checkIdempotencyKey, idOfKey } from './idempotency.js'

export const TEST_EVENT = 'orderwire.test'

/**
 * Sends a made-up order (`isTest`) to one registration, on the way and with the retries any event has, and answers its
 * log as it begins. Operators and above. The same `idempotencyKey` is the same event.
 */
export async function sendTestEvent(
  viewer: Caller,
  webhookId: string,
  idempotencyKey: string | null | undefined,
  ports: Pick<GraphPorts, 'clients' | 'tests' | 'audit' | 'now'>,
): Promise<Log> {
  requireRole(viewer, 'operator')
  const { clientId, provider, profile, status } = await findWebhook(viewer, webhookId, ports)
  if (status === 'disabled') throw new ApiError('CONFLICT', 'The webhook is disabled; enable it first')
  const id =
    idempotencyKey == null
      ? randomId('evt')
      : idOfKey('evt', viewer, `${webhookId} ${checkIdempotencyKey(idempotencyKey)}`)
  const event = testEvent({ id, clientId, provider, profile, at: ports.now().toISOString() })
  await ports.tests.sendTest(event, JSON.stringify({ event_type: TEST_EVENT, id }), webhookId)
  await audit(viewer, { action: 'sendTestEvent', targetId: webhookId, clientId, changes: { logId: id } }, ports)
  return logOf(event, webhookId)
}

function testEvent(
  about: Pick<Log, 'id' | 'clientId' | 'provider'> & { profile: 'spec' | 'live'; at: string },
): CanonicalEvent {
  const { id, clientId, provider, profile, at } = about
  const price = { amount: 1_000, currency: 'AED' }
  const externalId = `test-${id}`
  return {
    v: 1,
    id,
    type: 'order.created',
    provider,
    clientId,
    occurredAt: at,
    receivedAt: at,
    dedupeKey: id,
    source: { eventType: TEST_EVENT, profile, auth: 'api_key' },
    data: {
      order: {
        id: orderIdOf(provider, clientId, externalId),
        provider,
        clientId,
        storeRef: null,
        externalId,
        externalCode: null,
        displayCode: 'TEST',
        status: 'pending',
        service: 'delivery',
        deliveredBy: 'platform',
        scheduledFor: null,
        isTest: true,
        placedAt: at,
        acceptBy: null,
        pickupAt: null,
        promisedAt: null,
        customer: { name: 'Test Guest', phone: null, email: null },
        address: null,
        lines: [
          {
            n: 1,
            externalId: 'test-item',
            sku: null,
            name: 'Test item: do not prepare',
            quantity: 1,
            unitPrice: price,
            total: price,
            note: null,
            modifiers: [],
          },
        ],
        totals: {
          items: price,
          discount: null,
          deliveryFee: null,
          serviceFee: null,
          tip: null,
          tax: null,
          grandTotal: price,
          collectOnDelivery: null,
        },
        payment: { status: 'paid', method: 'online' },
        note: 'A test sent from orderwire',
        totalsCheck: 'ok',
        revision: 1,
      },
    },
  }
}

/** As the read model will have it in a moment. */
function logOf(event: CanonicalEvent, webhookId: string): Log {
  const { id, provider, clientId, receivedAt, source } = event
  return {
    id,
    provider,
    clientId,
    profile: source.profile,
    event: source.eventType,
    status: 'pending',
    stage: 'delivering',
    timestamp: receivedAt,
    payload: null,
    canonical: event,
    webhookIds: [webhookId],
    attempts: [],
    responseTime: null,
    resends: [],
    error: null,
  }
}
