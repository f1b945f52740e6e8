import type { AttemptResponse, AttemptTrigger, DeadReason } from './delivery.js'
import type { CanonicalEvent } from './event.js'
import type { ProviderName } from './provider.js'

/**
 * A fact about an event: what the ACTIVITY stream carries, the read model folds and subscribers see.
 * Facts are idempotent: applying one twice, or a set of them in any order, gives the same log.
 */
export type Fact = DispatchedFact | DuplicateFact | AttemptedFact | RejectedFact

type FactBase = {
  readonly v: 1
  /** When it happened, RFC 3339 UTC with ms. */
  readonly at: string
  readonly eventId: string
  readonly provider: ProviderName
  readonly clientId: string
  /** The provider's own event name. */
  readonly eventType: string
}

/** Normalised, and handed to these registrations (none is an answer too). */
export type DispatchedFact = FactBase & {
  readonly kind: 'dispatched'
  readonly event: CanonicalEvent
  readonly webhookIds: readonly string[]
}

/** The platform sent an event again that we already have. `sequence` names the resend. */
export type DuplicateFact = FactBase & { readonly kind: 'duplicate'; readonly sequence: number }

export type AttemptedFact = FactBase & {
  readonly kind: 'attempted'
  readonly webhookId: string
  readonly url: string
  readonly attempt: number
  readonly trigger: AttemptTrigger
  /** When its delivery was queued: tells two attempts apart that were asked for by hand at the same time. Older facts lack it. */
  readonly queuedAt?: string | undefined
  readonly response: AttemptResponse
  readonly result: 'delivered' | 'retrying' | 'dead'
  /** When the next attempt is due, if `retrying`. */
  readonly nextAttemptAt: string | null
  readonly deadReason: DeadReason | null
}

/** A request of a known client that was refused; its body is not kept. */
export type RejectedFact = FactBase & {
  readonly kind: 'rejected'
  readonly code: string
  readonly message: string
  readonly statusCode: number
  readonly remoteAddress: string
}
