import type { Fact } from '../../domain/activity.js'
import type { Client, Webhook } from '../../domain/client.js'
import type { Delivery } from '../../domain/delivery.js'
import type { CanonicalEvent, ReceivedEvent } from '../../domain/event.js'
import { type ReadOutcome, type ReadPorts, readEvent } from './read-event.js'
import { type OrderLogPorts, trackOrder } from './track-order.js'

/** What dispatch needs: the queue, the activity stream and the registrations. No database. */
export type DispatchPorts = OrderLogPorts &
  ReadPorts & {
    findClient(clientId: string): Client | undefined
    /** Whether an earlier message of the same event is in the stream: then this one is the platform's resend. */
    isResend(event: ReceivedEvent, sequence: number): Promise<boolean>
    /** Resolves when the delivery is durable; a delivery of the same event and webhook within the hour is taken once. Throws when it cannot be. */
    enqueue(delivery: Delivery): Promise<void>
    /** Resolves when the fact is durable. Throws when it cannot be. */
    record(fact: Fact): Promise<void>
    now(): Date
  }

/** `again`: the platform did not give the order yet; nothing was done. */
export type DispatchOutcome =
  | { readonly outcome: 'dispatched' | 'duplicate' }
  | Extract<ReadOutcome, { outcome: 'again' }>

/** Where a message stands: its place in the stream, how often it was tried before, and whether it exceeds its client's share. */
export type MessagePlace = { readonly sequence: number; readonly tries: number; readonly isOverShare?: boolean }

/** Normalises one received event and hands it to every registration that asked for it. Running it twice changes nothing. */
export async function dispatch(
  event: ReceivedEvent,
  { sequence, tries, isOverShare = false }: MessagePlace,
  ports: DispatchPorts,
): Promise<DispatchOutcome> {
  const base = factBase(event, ports)
  if (await ports.isResend(event, sequence)) {
    await ports.record({ ...base, kind: 'duplicate', sequence })
    return { outcome: 'duplicate' }
  }
  const client = ports.findClient(event.clientId)
  const read = await readEvent(event, client, tries, ports)
  if (read.outcome === 'again') return read
  const webhooks = matchWebhooks(client, read.event)
  const webhookIds = webhooks.map(({ id }) => id)
  const { event: canonical, predecessorOf } = await trackOrder(read.event, webhookIds, ports)
  const payload = Buffer.from(event.body).toString('utf8')
  // Deliveries first: were we to stop in between, the event is dispatched again and the queue drops the repeat.
  await Promise.all(
    webhooks.map((webhook) =>
      ports.enqueue({
        v: 1,
        event: canonical,
        webhookId: webhook.id,
        attempt: 1,
        trigger: 'automatic',
        priority: isOverShare ? 'low' : 'medium',
        after: predecessorOf(webhook.id),
        queuedAt: base.at,
        payload,
      }),
    ),
  )
  await ports.record({
    ...base,
    kind: 'dispatched',
    event: canonical,
    webhookIds,
  })
  return { outcome: 'dispatched' }
}

function factBase(event: ReceivedEvent, ports: DispatchPorts) {
  const { eventId, provider, clientId, eventType } = event
  return { v: 1, at: ports.now().toISOString(), eventId, provider, clientId, eventType } as const
}

/** Active registrations of the event's provider that asked for it, by the provider's own name or the canonical one. */
export function matchWebhooks(
  client: Client | undefined,
  event: Pick<CanonicalEvent, 'provider' | 'type' | 'source'>,
): readonly Webhook[] {
  const wants = (asked: string): boolean => asked === '*' || asked === event.source.eventType || asked === event.type
  return (client?.webhooks ?? []).filter(
    (webhook) => webhook.provider === event.provider && webhook.status === 'active' && webhook.events.some(wants),
  )
}
