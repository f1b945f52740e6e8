import type { AttemptedFact, Fact } from '../../domain/activity.js'
import { acceptByOf, atRiskEvent } from '../../domain/at-risk.js'
import type { Client, Webhook } from '../../domain/client.js'
import type { AttemptOutcome, AttemptResponse, Delivery } from '../../domain/delivery.js'
import type { CanonicalEvent } from '../../domain/event.js'
import { outcomeOf } from '../../domain/retry.js'
import { deliveryBody } from './envelope.js'
import type { HttpClient } from './http-client.js'
import { signDelivery } from './sign.js'

/** The span of one attempt, where events are traced. */
export type AttemptTrace = {
  /** Sent with the delivery, so that the client's system can go on with the trace. */
  readonly headers: Readonly<Record<string, string>>
  end(fact: AttemptedFact): void
}

/** What an attempt needs: the registrations, the client's endpoint, and the streams. No database. */
export type DeliverPorts = {
  findClient(clientId: string): Client | undefined
  readonly http: Pick<HttpClient, 'post'>
  /** Puts the delivery back for `at`. Resolves when durable; throws when it cannot be. */
  schedule(delivery: Delivery, at: Date): Promise<void>
  /** Takes back a retry that was scheduled, if one was. */
  cancelScheduled(delivery: Delivery): Promise<void>
  /** Keeps what is given up. Resolves when durable; throws when it cannot be. */
  bury(delivery: Delivery, fact: AttemptedFact): Promise<void>
  /** Hands an event of our own to the client's other webhooks; once, however often it is told. */
  raise(event: CanonicalEvent, exceptWebhookId: string): Promise<void>
  /** Resolves when the fact is durable. Throws when it cannot be. */
  record(fact: Fact): Promise<void>
  /** Starts the span of an attempt; there is none where nothing is traced. */
  traceAttempt?(delivery: Delivery, webhook: Webhook): AttemptTrace
  now(): Date
}

/** A delivery with what it is for. */
export type Addressed = { readonly client: Client; readonly webhook: Webhook }

/** Whom a delivery is for, or why it can go nowhere. */
export function addressOf(
  { event, webhookId }: Delivery,
  findClient: DeliverPorts['findClient'],
): Addressed | { readonly dead: 'webhook_deleted' | 'webhook_disabled'; readonly url: string } {
  const client = findClient(event.clientId)
  const webhook = client?.webhooks.find(({ id }) => id === webhookId)
  if (client === undefined || webhook === undefined) return { dead: 'webhook_deleted', url: '' }
  return webhook.status === 'disabled' ? { dead: 'webhook_disabled', url: webhook.url } : { client, webhook }
}

/** Whether the order's time is up: with a policy that counts by it, no attempt is made any more. */
export function isExpired({ event, trigger }: Delivery, { client }: Addressed, now: Date): boolean {
  const acceptBy = acceptByOf(event)
  if (trigger === 'manual' || client.settings.retryPolicy.mode !== 'deadline' || acceptBy === null) return false
  return event.type !== 'order.at_risk' && acceptBy <= now.getTime()
}

/**
 * One attempt, and what follows from it: delivered, scheduled again, or given up. The message may be acknowledged once
 * this resolves.
 * @param isTheirs whether another process has it, or has dealt with it meanwhile: then only a success is told, for the rest is theirs
 */
export async function deliver(
  delivery: Delivery,
  { client, webhook }: Addressed,
  ports: DeliverPorts,
  isTheirs: () => Promise<boolean> = async () => false,
): Promise<AttemptedFact> {
  const trace = ports.traceAttempt?.(delivery, webhook)
  const response = await attempt(delivery, webhook, ports, trace?.headers)
  const at = ports.now()
  const outcome = outcomeOf(
    {
      number: delivery.attempt,
      trigger: delivery.trigger,
      acceptByMs: acceptByOf(delivery.event),
      nowMs: at.getTime(),
    },
    response,
    client.settings.retryPolicy,
  )
  const nextAt = outcome.outcome === 'retry' ? new Date(at.getTime() + outcome.delayMs) : null
  const fact = attemptedFact(delivery, { url: webhook.url, response, outcome, nextAt, at })
  trace?.end(fact)
  if (outcome.outcome !== 'delivered' && (await isTheirs())) return fact
  // The queue before the fact: were we to stop in between, the attempt is made again, never lost.
  if (nextAt !== null) await ports.schedule({ ...delivery, attempt: delivery.attempt + 1 }, nextAt)
  if (outcome.outcome === 'dead') await ports.bury(delivery, fact)
  // Delivered by hand while an automatic retry was waiting: the client must not get it twice.
  if (outcome.outcome === 'delivered' && delivery.trigger === 'manual') await ports.cancelScheduled(delivery)
  if (outcome.outcome !== 'delivered') await tellIfAtRisk(delivery, nextAt, ports)
  await ports.record(fact)
  return fact
}

/** Tells the client's other webhooks when an order cannot reach this one in time. */
export async function tellIfAtRisk(delivery: Delivery, nextAt: Date | null, ports: DeliverPorts): Promise<void> {
  const event = atRiskEvent(delivery.event, nextAt?.getTime() ?? null, ports.now())
  if (event !== null) await ports.raise(event, delivery.webhookId)
}

/** No attempt is made: the endpoint is not there any more, or the time is up. */
export async function giveUp(
  delivery: Delivery,
  url: string,
  reason: Extract<AttemptOutcome, { outcome: 'dead' }>['reason'],
  ports: DeliverPorts,
): Promise<AttemptedFact> {
  const response = { statusCode: null, body: null, error: reason, responseTimeMs: 0, retryAfterMs: null }
  const outcome = { outcome: 'dead', reason } as const
  const fact = attemptedFact(delivery, { url, response, outcome, nextAt: null, at: ports.now() })
  await ports.bury(delivery, fact)
  await ports.record(fact)
  return fact
}

function attempt(
  delivery: Delivery,
  webhook: Webhook,
  ports: DeliverPorts,
  traceHeaders: AttemptTrace['headers'] | undefined,
): Promise<AttemptResponse> {
  const body = deliveryBody(delivery)
  const at = ports.now()
  const headers = signDelivery(signingSecretsOf(webhook, at), { id: delivery.event.id, body, at })
  const timeoutMs = webhook.delivery?.timeoutMs ?? null
  return ports.http.post({
    url: webhook.url,
    headers: { ...headers, ...traceHeaders },
    body,
    ...(timeoutMs !== null && { timeoutMs }),
  })
}

/** The newest first; the one before it while a rotation overlaps. */
function signingSecretsOf({ signingSecret, previous }: Webhook, at: Date): readonly string[] {
  return previous !== undefined && previous.validUntil > at.toISOString()
    ? [signingSecret, previous.signingSecret]
    : [signingSecret]
}

function attemptedFact(
  { event, webhookId, attempt, trigger, queuedAt }: Delivery,
  made: { url: string; response: AttemptResponse; outcome: AttemptOutcome; nextAt: Date | null; at: Date },
): AttemptedFact {
  const { outcome } = made
  return {
    v: 1,
    kind: 'attempted',
    at: made.at.toISOString(),
    eventId: event.id,
    provider: event.provider,
    clientId: event.clientId,
    eventType: event.source.eventType,
    webhookId,
    url: made.url,
    attempt,
    trigger,
    queuedAt,
    response: made.response,
    result: outcome.outcome === 'retry' ? 'retrying' : outcome.outcome,
    nextAttemptAt: made.nextAt?.toISOString() ?? null,
    deadReason: outcome.outcome === 'dead' ? outcome.reason : null,
  }
}
