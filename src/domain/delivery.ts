import type { CanonicalEvent } from './event.js'

/** Who asked for an attempt: our retry policy, or a person (`retryLog`). Counted apart. */
export type AttemptTrigger = 'automatic' | 'manual'

/** high: a person waits for it; medium: live; low: in bulk, behind everything else. */
export type DeliveryPriority = 'high' | 'medium' | 'low'

/** One event on its way to one webhook: self-contained, so that deliver needs neither the database nor the event stream. */
export type Delivery = {
  readonly v: 1
  readonly event: CanonicalEvent
  readonly webhookId: string
  /** 1 for the first; grows by one with every try of this delivery. */
  readonly attempt: number
  readonly trigger: AttemptTrigger
  /** What goes first where work waits; medium unless told. */
  readonly priority?: DeliveryPriority
  /** The platform's JSON exactly as sent. */
  readonly payload: string
}

/** What one HTTP attempt came to. */
export type AttemptResponse = {
  /** Null when no answer came (time-out, refused connection …). */
  readonly statusCode: number | null
  /** The first kilobytes of the answer. */
  readonly body: string | null
  readonly error: string | null
  readonly responseTimeMs: number
  /** The answer's Retry-After in milliseconds from now, where it named one. */
  readonly retryAfterMs: number | null
}

export type DeadReason = 'retries_exhausted' | 'webhook_gone' | 'webhook_disabled' | 'webhook_deleted'

/** What follows from an attempt: exactly one of delivered, tried again, or given up. */
export type AttemptOutcome =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'retry'; readonly delayMs: number }
  | { readonly outcome: 'dead'; readonly reason: DeadReason }
