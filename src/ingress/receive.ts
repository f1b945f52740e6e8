import type { Client, Webhook } from '../domain/client.js'
import type { ReceivedEvent } from '../domain/event.js'
import { eventIdOf } from '../domain/ids.js'
import type { AuthKind, ProviderName } from '../domain/provider.js'
import type { Envelope, ProviderAdapter } from '../providers/adapter.js'
import { adapterFor } from '../providers/registry.js'
import type { VerifyResult } from '../providers/signature/request.js'
import type { ReceiveOutcome } from './outcome.js'
import type { IngressPorts } from './ports.js'
import type { RecentEvents } from './recent-events.js'

/** One request whose head was admitted: known provider, known client, allowed address. */
export type Inbound = {
  readonly provider: ProviderName
  readonly client: Client
  readonly body: Uint8Array
  header(name: string): string | undefined
}

/** Verify, parse, identify, store: the event is durable when this says `accepted`. The raw bytes are what is verified and kept. */
export async function receive(inbound: Inbound, ports: IngressPorts, recent: RecentEvents): Promise<ReceiveOutcome> {
  const receivedAt = ports.now()
  const verified = verifySender(inbound, receivedAt.getTime())
  if (!verified.ok) return { outcome: 'refused', code: verified.code, message: verified.message }
  const parsed = verified.adapter.parse(inbound.body, receivedAt.toISOString())
  if (!parsed.ok) return { outcome: 'refused', code: parsed.code, message: parsed.message, details: parsed.details }
  const event = identify(inbound, verified, parsed.envelope, receivedAt)
  const stored = await ports.store(event)
  if (stored.outcome === 'unavailable') return { outcome: 'unavailable', reason: stored.reason }
  const duplicate = recent.add(event.eventId)
  return { outcome: 'accepted', eventId: event.eventId, processedAt: ports.now().toISOString(), duplicate }
}

type Verified = { readonly ok: true; readonly adapter: ProviderAdapter; readonly auth: AuthKind }
type Unverified = Extract<VerifyResult, { ok: false }>

/** The reason told when no registration's credentials fit: the one that got furthest. */
const FURTHEST: readonly Unverified['code'][] = ['missing_credentials', 'invalid_signature', 'stale_timestamp']

/** A client may hold several registrations of a provider, each with its own secret: any of them proves the sender. */
function verifySender(inbound: Inbound, nowMs: number): Verified | Unverified {
  let failure: Unverified = { ok: false, code: 'missing_credentials', message: 'No credentials are registered' }
  for (const webhook of inbound.client.webhooks) {
    if (webhook.provider !== inbound.provider) continue
    const adapter = adapterFor(webhook.provider, webhook.profile)
    if (adapter === undefined) continue
    const result = verifyAgainst(adapter, webhook, inbound, nowMs)
    if (result.ok) return { ok: true, adapter, auth: result.auth }
    if (FURTHEST.indexOf(result.code) >= FURTHEST.indexOf(failure.code)) failure = result
  }
  return failure
}

function verifyAgainst(adapter: ProviderAdapter, webhook: Webhook, inbound: Inbound, nowMs: number): VerifyResult {
  const { header, body, client } = inbound
  return adapter.verify({ header, body, clientId: client.clientId, nowMs }, webhook.credentials, {
    signatureValidation: client.settings.security.signatureValidation,
  })
}

function identify(inbound: Inbound, verified: Verified, envelope: Envelope, receivedAt: Date): ReceivedEvent {
  const { eventType, dedupeKey, occurredAt } = verified.adapter.identify(envelope)
  const { provider, client, body } = inbound
  return {
    eventId: eventIdOf(provider, client.clientId, dedupeKey),
    provider,
    clientId: client.clientId,
    profile: verified.adapter.profile,
    auth: verified.auth,
    eventType,
    dedupeKey,
    occurredAt,
    receivedAt: receivedAt.toISOString(),
    body,
  }
}
