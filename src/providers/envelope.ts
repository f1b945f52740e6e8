/** At most `max` requests per client in any `windowMs`. */
export type ProviderLimit = { readonly windowMs: number; readonly max: number }

/**
 * How sure we are of what a platform sends (docs/providers): `A` its own page was read, `B` independent
 * implementations agree, `C` one implementation or memory, `G` a guess.
 */
export type Confidence = 'A' | 'B' | 'C' | 'G'

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

/** What a platform is answered once its event is durable. */
export type PlatformAnswer = { readonly status: number; readonly json?: unknown }

export type Accepted = {
  readonly eventId: string
  readonly clientId: string
  readonly processedAt: string
  readonly duplicate: boolean
}
