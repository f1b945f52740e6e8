import type { InboundCredentials } from '../domain/client.js'
import type { EventData, EventType } from '../domain/event.js'
import type { Profile, ProviderName } from '../domain/provider.js'
import type { Endpoint } from './endpoint.js'
import type { SignedRequest, VerifyResult } from './signature/request.js'

/** At most `max` requests per client in any `windowMs`. */
export type ProviderLimit = { readonly windowMs: number; readonly max: number }

/**
 * How sure we are of what a platform sends (docs/providers): `A` its own page was read, `B` independent
 * implementations agree, `C` one implementation or memory, `G` a guess.
 */
export type Confidence = 'A' | 'B' | 'C' | 'G'

/** A verified request as it is parsed: by ingress when it arrives, and by dispatch from the stream. */
export type Arrival = {
  readonly endpoint: Endpoint
  /** The path's parameters by name. */
  readonly params: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** RFC 3339 UTC with ms. */
  readonly receivedAt: string
}

/** A platform's webhook, parsed. `data` keeps unknown keys. */
export type Envelope = {
  /** The provider's own event name. */
  readonly eventType: string
  /** The platform's time, or ours where it tells none. RFC 3339 UTC with milliseconds. */
  readonly occurredAt: string
  readonly data: Readonly<Record<string, unknown>>
  readonly params: Readonly<Record<string, string>>
  /** SHA-256 of the raw bytes in hex: the dedupe key where content names none. Computed when asked for. */
  bodyHash(): string
}

export type ParseResult =
  | { readonly ok: true; readonly envelope: Envelope }
  | {
      readonly ok: false
      readonly code: 'invalid_json' | 'invalid_payload'
      readonly message: string
      readonly details: readonly { readonly path: string; readonly message: string }[]
    }

export type NormaliseContext = {
  readonly clientId: string
  readonly eventId: string
  readonly receivedAt: string
  /** What the platform answered for `resourceOf`, where the event was thin. */
  readonly resource?: unknown
}
export type Normalised = { readonly type: EventType; readonly data: EventData }

/** What a platform is answered once its event is durable. */
export type PlatformAnswer = { readonly status: number; readonly json?: unknown }

export type Accepted = {
  readonly eventId: string
  readonly clientId: string
  readonly processedAt: string
  readonly duplicate: boolean
}

/**
 * One provider in one profile. Its functions are pure and MUST NOT throw, whatever a platform sends: `parse` refuses,
 * `dedupeKeyOf` and `normalise` fall back to the body's hash and to `unknown`.
 */
export type ProviderAdapter = {
  readonly name: ProviderName
  readonly profile: Profile
  /** For people. */
  readonly title: string
  readonly confidence: Confidence
  /** Whether the scheme has an `apiKey` beside the `secretKey`. */
  readonly usesApiKey: boolean
  /** What the platform calls, below the client's URL. */
  readonly endpoints: readonly Endpoint[]
  /** The provider's documented limits. */
  readonly limits: readonly ProviderLimit[]
  /** The provider's event names and what they mean; null where the content decides. */
  readonly events: Readonly<Record<string, EventType | null>>
  /** MUST look at the raw bytes, compare in constant time, and refuse where a secret is missing. */
  verify(
    request: SignedRequest,
    credentials: InboundCredentials,
    options: { readonly signatureValidation: boolean },
  ): VerifyResult
  parse(arrival: Arrival): ParseResult
  /** What makes a resend the same event; without the provider:client prefix. MUST depend on the content alone. */
  dedupeKeyOf(envelope: Envelope): string
  normalise(envelope: Envelope, context: NormaliseContext): Normalised
  /** The URL of the order a thin event is about: dispatch fetches it (never ingress) before `normalise`. */
  resourceOf?(envelope: Envelope): string | null
  /** The platform's own form of "taken"; the contract's form where absent. */
  answer?(envelope: Envelope, accepted: Accepted): PlatformAnswer
  /** The headers the platform would send with this body. */
  sign(
    body: Uint8Array,
    credentials: InboundCredentials,
    context: { readonly clientId: string; readonly nowMs: number },
  ): Record<string, string>
}
