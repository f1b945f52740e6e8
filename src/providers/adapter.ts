import type { InboundCredentials } from '../domain/client.js'
import type { EventData, EventType } from '../domain/event.js'
import type { Profile, ProviderName } from '../domain/provider.js'
import type { SignedRequest, VerifyResult } from './signature/request.js'

/** At most `max` requests per client in any `windowMs`. */
export type ProviderLimit = { readonly windowMs: number; readonly max: number }

/** A platform's webhook, parsed: what every `spec` profile shares. `data` keeps unknown keys. */
export type Envelope = {
  readonly eventType: string
  /** RFC 3339 UTC with milliseconds. */
  readonly occurredAt: string
  readonly data: Readonly<Record<string, unknown>>
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

export type Identity = {
  /** The provider's own event name. */
  readonly eventType: string
  /** What makes a resend the same event; without the provider:client prefix. */
  readonly dedupeKey: string
  readonly occurredAt: string
}

export type NormaliseContext = { readonly clientId: string; readonly eventId: string; readonly receivedAt: string }
export type Normalised = { readonly type: EventType; readonly data: EventData }

/**
 * One provider in one profile. Its functions are pure and MUST NOT throw, whatever a platform sends: `parse` refuses,
 * `identify` and `normalise` fall back to the body's hash and to `unknown`.
 */
export type ProviderAdapter = {
  readonly name: ProviderName
  readonly profile: Profile
  /** For people. */
  readonly title: string
  /** Whether the scheme has an `apiKey` beside the `secretKey`. */
  readonly usesApiKey: boolean
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
  parse(body: Uint8Array, receivedAt: string): ParseResult
  /** MUST depend on the content alone, so that a resend gets the same key. */
  identify(envelope: Envelope): Identity
  normalise(envelope: Envelope, context: NormaliseContext): Normalised
  /** The headers the platform would send with this body. */
  sign(
    body: Uint8Array,
    credentials: InboundCredentials,
    context: { readonly clientId: string; readonly nowMs: number },
  ): Record<string, string>
}
