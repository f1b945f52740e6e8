import type { EventType, ReportedData } from '../domain/event.js'
import type { Profile, ProviderName } from '../domain/provider.js'
import type { Endpoint } from './endpoint.js'
import type { Accepted, Confidence, Envelope, PlatformAnswer, ProviderLimit } from './envelope.js'
import type { Verification } from './signature/scheme.js'
import type { PlatformApi, ProviderTable } from './table.js'

/** A verified request as it is parsed: by ingress when it arrives, and by dispatch from the stream. */
export type Arrival = {
  readonly endpoint: Endpoint
  /** The path's parameters by name. */
  readonly params: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** RFC 3339 UTC with ms. */
  readonly receivedAt: string
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
export type Normalised = { readonly type: EventType; readonly data: ReportedData }

/**
 * One provider in one profile. Its functions are pure and MUST NOT throw, whatever a platform sends: `parse` refuses,
 * `dedupeKeyOf` and `normalise` fall back to the body's hash and to `unknown`.
 */
export type ProviderAdapter = Verification & {
  readonly name: ProviderName
  readonly profile: Profile
  /** For people. */
  readonly title: string
  readonly confidence: Confidence
  /** What it is made of: for documentation, and to trace a canonical field to its source. */
  readonly table: ProviderTable
  /** What the platform calls, below the client's URL. */
  readonly endpoints: readonly Endpoint[]
  /** The provider's documented limits. */
  readonly limits: readonly ProviderLimit[]
  /** The provider's event names and what they mean; null where the content decides. */
  readonly events: Readonly<Record<string, EventType | null>>
  parse(arrival: Arrival): ParseResult
  /**
   * What makes a resend the same event; without the provider:client prefix. MUST depend on the content alone, but for
   * messages that say the same each time they are meant anew (a store opens twice): those count by when they came.
   */
  dedupeKeyOf(envelope: Envelope): string
  normalise(envelope: Envelope, context: NormaliseContext): Normalised
  /** The URL of the order a thin event is about: dispatch fetches it (never ingress) before `normalise`. */
  resourceOf?(envelope: Envelope): string | null
  /** Where that URL may lead, and how we prove ourselves there. */
  readonly api?: PlatformApi
  /** The platform's own form of "taken"; the contract's form where absent. */
  answer?(envelope: Envelope, accepted: Accepted): PlatformAnswer
}
