import type { AttemptedFact, Fact } from '../../domain/activity.js'
import type { Client, Webhook } from '../../domain/client.js'
import type { AttemptOutcome, AttemptResponse, Delivery } from '../../domain/delivery.js'
import { outcomeOf } from '../../domain/retry.js'
import { deliveryBody } from './envelope.js'
import type { HttpClient } from './http-client.js'
import { signDelivery } from './sign.js'

/** What deliver needs: the registrations, the client's endpoint, and the streams. No database. */
export type DeliverPorts = {
  findClient(clientId: string): Client | undefined
  readonly http: Pick<HttpClient, 'post'>
  /** Puts the delivery back for `at`. Resolves when durable; throws when it cannot be. */
  schedule(delivery: Delivery, at: Date): Promise<void>
  /** Takes back a retry that was scheduled, if one was. */
  cancelScheduled(delivery: Delivery): Promise<void>
  /** Keeps what is given up. Resolves when durable; throws when it cannot be. */
  bury(delivery: Delivery, fact: AttemptedFact): Promise<void>
  /** Resolves when the fact is durable. Throws when it cannot be. */
  record(fact: Fact): Promise<void>
  now(): Date
}

/** One attempt, and what follows from it: delivered, scheduled again, or given up. The message may be acknowledged once this resolves. */
export async function deliver(delivery: Delivery, ports: DeliverPorts): Promise<AttemptedFact> {
  const client = ports.findClient(delivery.event.clientId)
  const webhook = client?.webhooks.find(({ id }) => id === delivery.webhookId)
  if (client === undefined || webhook === undefined)
    return giveUp(delivery, '', { outcome: 'dead', reason: 'webhook_deleted' }, ports)
  if (webhook.status === 'disabled')
    return giveUp(delivery, webhook.url, { outcome: 'dead', reason: 'webhook_disabled' }, ports)
  const response = await attempt(delivery, webhook, ports)
  const outcome = outcomeOf(
    { number: delivery.attempt, trigger: delivery.trigger },
    response,
    client.settings.retryPolicy,
  )
  const nextAt = outcome.outcome === 'retry' ? new Date(ports.now().getTime() + outcome.delayMs) : null
  const fact = attemptedFact(delivery, { url: webhook.url, response, outcome, nextAt, at: ports.now() })
  // The queue before the fact: were we to stop in between, the attempt is made again, never lost.
  if (nextAt !== null) await ports.schedule({ ...delivery, attempt: delivery.attempt + 1 }, nextAt)
  if (outcome.outcome === 'dead') await ports.bury(delivery, fact)
  // Delivered by hand while an automatic retry was waiting: the client must not get it twice.
  if (outcome.outcome === 'delivered' && delivery.trigger === 'manual') await ports.cancelScheduled(delivery)
  await ports.record(fact)
  return fact
}

function attempt(delivery: Delivery, webhook: Webhook, ports: DeliverPorts): Promise<AttemptResponse> {
  const body = deliveryBody(delivery)
  const headers = signDelivery(webhook.signingSecret, { id: delivery.event.id, body, at: ports.now() })
  return ports.http.post({ url: webhook.url, headers, body })
}

/** No attempt is made to an endpoint that is not there any more. */
async function giveUp(
  delivery: Delivery,
  url: string,
  outcome: Extract<AttemptOutcome, { outcome: 'dead' }>,
  ports: DeliverPorts,
): Promise<AttemptedFact> {
  const response = { statusCode: null, body: null, error: outcome.reason, responseTimeMs: 0, retryAfterMs: null }
  const fact = attemptedFact(delivery, { url, response, outcome, nextAt: null, at: ports.now() })
  await ports.bury(delivery, fact)
  await ports.record(fact)
  return fact
}

function attemptedFact(
  { event, webhookId, attempt, trigger }: Delivery,
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
    response: made.response,
    result: outcome.outcome === 'retry' ? 'retrying' : outcome.outcome,
    nextAttemptAt: made.nextAt?.toISOString() ?? null,
    deadReason: outcome.outcome === 'dead' ? outcome.reason : null,
  }
}
