import type { EventType } from '../domain/event.js'
import type { ProviderName } from '../domain/provider.js'
import type { Envelope, Identity, NormaliseContext, Normalised, ProviderAdapter, ProviderLimit } from './adapter.js'
import { type Scheme, signAll, verifyAll } from './signature/scheme.js'
import { parseSpecEnvelope } from './spec-envelope.js'

/** What distinguishes one provider of the specification from another. */
export type SpecProvider = {
  readonly name: ProviderName
  readonly title: string
  readonly schemes: readonly Scheme[]
  readonly limits: readonly ProviderLimit[]
  readonly events: Readonly<Record<string, EventType | null>>
  /** The parts that make a resend the same event, in order; null where the content names none. */
  dedupeParts(envelope: Envelope): readonly (string | null)[] | null
  normalise(envelope: Envelope, context: NormaliseContext): Normalised
}

/** The adapter of a provider in profile `spec`: all of them share the envelope and differ in data. */
export function specAdapter(provider: SpecProvider): ProviderAdapter {
  return {
    ...provider,
    profile: 'spec',
    usesApiKey: provider.schemes.some((scheme) => scheme.kind === 'static' && scheme.secret === 'apiKey'),
    verify: (request, credentials, options) => verifyAll(provider.schemes, request, credentials, options),
    parse: (body) => parseSpecEnvelope(body),
    identify: (envelope) => identify(provider, envelope),
    sign: (body, credentials, { clientId, nowMs }) => signAll(provider.schemes, { body, clientId, nowMs }, credentials),
  }
}

/** An unknown event, or one whose key parts are missing, is identified by its bytes. */
function identify(provider: SpecProvider, envelope: Envelope): Identity {
  const { eventType, occurredAt } = envelope
  const parts = Object.hasOwn(provider.events, eventType) ? provider.dedupeParts(envelope) : null
  const complete = parts?.every((part) => part !== null) === true
  return { eventType, occurredAt, dedupeKey: complete ? parts.join(':') : `sha256:${envelope.bodyHash()}` }
}
