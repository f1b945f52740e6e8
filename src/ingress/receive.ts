import type { Client, InboundCredentials, Webhook } from '../domain/client.js'
import type { ReceivedEvent } from '../domain/event.js'
import { eventIdOf } from '../domain/ids.js'
import type { AuthKind, ProviderName } from '../domain/provider.js'
import type { HttpRequest } from '../http/http.js'
import type { ProviderAdapter } from '../providers/adapter.js'
import type { EndpointMatch } from '../providers/endpoint.js'
import type { Envelope } from '../providers/envelope.js'
import type { SignedRequest, VerifyResult } from '../providers/signature/request.js'
import type { ReceiveOutcome } from './outcome.js'
import type { IngressPorts, StoreOutcome } from './ports.js'
import type { RecentEvents } from './recent-events.js'

/** A registration whose adapter takes requests at this method and path. */
export type Candidate = {
  readonly webhook: Webhook
  readonly adapter: ProviderAdapter
  readonly match: EndpointMatch
}

/** One request whose head was admitted: known provider, known client, known path, allowed address. */
export type Inbound = {
  readonly target: Target
  readonly client: Client
  readonly candidates: readonly Candidate[]
  readonly request: HttpRequest
}

/** Who a request is for, by its path. */
export type Target = {
  readonly provider: ProviderName
  readonly clientId: string
  /** Upper case. */
  readonly method: string
  /** What follows the client's URL: empty, or from its slash on. */
  readonly path: string
}

/**
 * Verify, parse, identify, store: the event is durable when this says `accepted`. The raw bytes are what is verified and
 * kept. Without an async function's extra turns: this runs for every request.
 */
export function receive(
  inbound: Inbound,
  ports: IngressPorts,
  recent: RecentEvents,
): ReceiveOutcome | Promise<ReceiveOutcome> {
  const receivedAt = ports.now()
  const verified = verifySender(inbound, receivedAt.getTime())
  if (!verified.ok) return { outcome: 'refused', code: verified.code, message: verified.message }
  const { adapter, match } = verified.candidate
  const at = receivedAt.toISOString()
  const { endpoint, params } = match
  const parsed = adapter.parse({ endpoint, params, body: inbound.request.body, receivedAt: at })
  if (!parsed.ok) return { outcome: 'refused', code: parsed.code, message: parsed.message, details: parsed.details }
  const { envelope } = parsed
  const event = identify(inbound, verified, envelope, at)
  return ports
    .store(event, inbound.request)
    .then((stored) => concluded(stored, event, adapter, envelope, ports, recent))
}

function concluded(
  stored: StoreOutcome,
  event: ReceivedEvent,
  adapter: ProviderAdapter,
  envelope: Envelope,
  ports: IngressPorts,
  recent: RecentEvents,
): ReceiveOutcome {
  if (stored.outcome === 'unavailable') return { outcome: 'unavailable', reason: stored.reason }
  const { eventId, clientId } = event
  const accepted = { eventId, clientId, processedAt: ports.now().toISOString(), duplicate: recent.add(eventId) }
  const answer = adapter.answer?.(envelope, accepted)
  return { outcome: 'accepted', accepted, answer }
}

type Verified = { readonly ok: true; readonly candidate: Candidate; readonly auth: AuthKind }
type Unverified = Extract<VerifyResult, { ok: false }>

/** The reason told when no registration's credentials fit: the one that got furthest. */
const FURTHEST: readonly Unverified['code'][] = ['missing_credentials', 'invalid_signature', 'stale_timestamp']

/** A client may hold several registrations of a provider, each with its own secret: any of them proves the sender. */
function verifySender(inbound: Inbound, nowMs: number): Verified | Unverified {
  const { client, request } = inbound
  const signed: SignedRequest = {
    header: (name) => request.header(name),
    query: request.query,
    body: request.body,
    clientId: client.clientId,
    nowMs,
  }
  let failure: Unverified = { ok: false, code: 'missing_credentials', message: 'No credentials are registered' }
  for (const candidate of inbound.candidates) {
    for (const credentials of credentialsOf(candidate.webhook, nowMs)) {
      const result = candidate.adapter.verify(signed, credentials, client.settings.security)
      if (result.ok) return { ok: true, candidate, auth: result.auth }
      if (FURTHEST.indexOf(result.code) >= FURTHEST.indexOf(failure.code)) failure = result
    }
  }
  return failure
}

/** The newest first; those before them while a rotation overlaps. */
function credentialsOf({ credentials, previous }: Webhook, nowMs: number): readonly InboundCredentials[] {
  return previous !== undefined && Date.parse(previous.validUntil) > nowMs
    ? [credentials, previous.credentials]
    : [credentials]
}

function identify(inbound: Inbound, verified: Verified, envelope: Envelope, receivedAt: string): ReceivedEvent {
  const { provider, clientId, method, path } = inbound.target
  const { adapter } = verified.candidate
  const dedupeKey = adapter.dedupeKeyOf(envelope)
  return {
    eventId: eventIdOf(provider, clientId, dedupeKey),
    provider,
    clientId,
    profile: adapter.profile,
    auth: verified.auth,
    eventType: envelope.eventType,
    dedupeKey,
    occurredAt: envelope.occurredAt,
    receivedAt,
    method,
    path,
    body: inbound.request.body,
  }
}
