import type { Fact } from '../../domain/activity.js'
import type { Client, Webhook } from '../../domain/client.js'
import type { Delivery } from '../../domain/delivery.js'
import type { CanonicalEvent, ReceivedEvent, ReportedEvent } from '../../domain/event.js'
import type { Normalised } from '../../providers/adapter.js'
import { matchEndpoint } from '../../providers/endpoint.js'
import type { ProviderRegistry } from '../../providers/registry.js'
import { type OrderLogPorts, trackOrder } from './track-order.js'

/** What dispatch needs: the queue, the activity stream and the registrations. No database. */
export type DispatchPorts = OrderLogPorts & {
  readonly providers: ProviderRegistry
  findClient(clientId: string): Client | undefined
  /** Whether an earlier message of the same event is in the stream: then this one is the platform's resend. */
  isResend(event: ReceivedEvent, sequence: number): Promise<boolean>
  /** Resolves when the delivery is durable; a delivery of the same event and webhook within the hour is taken once. Throws when it cannot be. */
  enqueue(delivery: Delivery): Promise<void>
  /** Resolves when the fact is durable. Throws when it cannot be. */
  record(fact: Fact): Promise<void>
  now(): Date
}

/** Normalises one received event and hands it to every registration that asked for it. Running it twice changes nothing. */
export async function dispatch(event: ReceivedEvent, sequence: number, ports: DispatchPorts): Promise<void> {
  const base = factBase(event, ports)
  if (await ports.isResend(event, sequence)) {
    await ports.record({ ...base, kind: 'duplicate', sequence })
    return
  }
  const canonical = await trackOrder(toReported(event, ports.providers), ports)
  const webhooks = matchWebhooks(ports.findClient(event.clientId), canonical)
  const payload = Buffer.from(event.body).toString('utf8')
  // Deliveries first: were we to stop in between, the event is dispatched again and the queue drops the repeat.
  await Promise.all(
    webhooks.map((webhook) =>
      ports.enqueue({ v: 1, event: canonical, webhookId: webhook.id, attempt: 1, trigger: 'automatic', payload }),
    ),
  )
  await ports.record({
    ...base,
    kind: 'dispatched',
    event: canonical,
    webhookIds: webhooks.map((webhook) => webhook.id),
  })
}

function factBase(event: ReceivedEvent, ports: DispatchPorts) {
  const { eventId, provider, clientId, eventType } = event
  return { v: 1, at: ports.now().toISOString(), eventId, provider, clientId, eventType } as const
}

/** What a platform sent, in our words; `unknown` for what its adapter cannot read. */
export function toReported(event: ReceivedEvent, providers: ProviderRegistry): ReportedEvent {
  const { eventId, provider, clientId, profile, auth, eventType, dedupeKey, occurredAt, receivedAt } = event
  const { type, data } = normalise(event, providers)
  return {
    v: 1,
    id: eventId,
    type,
    provider,
    clientId,
    occurredAt,
    receivedAt,
    dedupeKey,
    source: { eventType, profile, auth },
    data,
  }
}

function normalise(event: ReceivedEvent, providers: ProviderRegistry): Normalised {
  const adapter = providers.find(event.provider, event.profile)
  const match = adapter && matchEndpoint(adapter.endpoints, event.method, event.path)
  if (adapter === undefined || typeof match !== 'object') return UNKNOWN
  const parsed = adapter.parse({ ...match, body: event.body, receivedAt: event.receivedAt })
  if (!parsed.ok) return UNKNOWN
  const { clientId, eventId, receivedAt } = event
  return adapter.normalise(parsed.envelope, { clientId, eventId, receivedAt })
}

const UNKNOWN: Normalised = { type: 'unknown', data: {} }

/** Active registrations of the event's provider that asked for it, by the provider's own name or the canonical one. */
export function matchWebhooks(client: Client | undefined, event: CanonicalEvent): readonly Webhook[] {
  const wants = (asked: string): boolean => asked === '*' || asked === event.source.eventType || asked === event.type
  return (client?.webhooks ?? []).filter(
    (webhook) => webhook.provider === event.provider && webhook.status === 'active' && webhook.events.some(wants),
  )
}
