import type { CanonicalEvent } from './event.js'

/** Who asked for an attempt: our retry policy, or a person (`retryLog`). Counted apart. */
export type AttemptTrigger = 'automatic' | 'manual'

export const PRIORITIES = ['high', 'medium', 'low'] as const
/** Which work goes first: `medium` unless said otherwise, `low` for replays and redrives, so that they never delay live traffic. */
export type DeliveryPriority = (typeof PRIORITIES)[number]

/** One event on its way to one webhook: self-contained, so that deliver needs neither the database nor the event stream. */
export type Delivery = {
  readonly v: 1
  readonly event: CanonicalEvent
  readonly webhookId: string
  /** 1 for the first; grows by one with every try of this delivery. */
  readonly attempt: number
  readonly trigger: AttemptTrigger
  readonly priority: DeliveryPriority
  /**
   * The order's event before this one that goes to the same webhook: it must be delivered or given up first. Null for the
   * first, for an event about no order, and for what a person asked for.
   */
  readonly after: string | null
  /** When it was first put on the queue, RFC 3339 UTC with ms. */
  readonly queuedAt: string
  /** The platform's JSON exactly as sent. */
  readonly payload: string
  /** The span that queued it, where events are traced (W3C Trace Context). */
  readonly traceparent?: string | undefined
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

export const DEAD_REASONS = [
  'retries_exhausted',
  'webhook_gone',
  'webhook_disabled',
  'webhook_deleted',
  'expired',
  'endpoint_down',
] as const
/**
 * Why a delivery was given up. `expired`: the order's `acceptBy` passed, the platform no longer waits for it.
 * `endpoint_down`: the endpoint did not come back within MAX_HELD_MS.
 */
export type DeadReason = (typeof DEAD_REASONS)[number]

/** A delivery that is held (its endpoint is down, or asked to wait) is given up this long after it was queued. */
export const MAX_HELD_MS = 86_400_000

/** What follows from an attempt: exactly one of delivered, tried again, or given up. */
export type AttemptOutcome =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'retry'; readonly delayMs: number }
  | { readonly outcome: 'dead'; readonly reason: DeadReason }
