import type { RetryPolicy } from './client.js'
import type { AttemptOutcome, AttemptResponse, AttemptTrigger } from './delivery.js'

/** No retry waits longer, whatever the policy or a Retry-After says. */
export const MAX_RETRY_DELAY_MS = 3_600_000

/** A retry that is later than this is overdue: something is wrong. */
export const OVERDUE_AFTER_MS = 60_000

/**
 * Delay before retry k, 1…maxRetries. With the defaults (3, [1000, 5000, 10000], true):
 *
 * | attempt | waits before it | since the first |
 * |---------|-----------------|-----------------|
 * | 1       | –               | 0               |
 * | 2       | 1 s             | 1 s             |
 * | 3       | 5 s             | 6 s             |
 * | 4       | 10 s            | 16 s            |
 */
export function retryDelayMs(policy: RetryPolicy, retry: number): number {
  const listed = policy.retryDelays[retry - 1]
  if (listed !== undefined) return listed
  const last = policy.retryDelays[policy.retryDelays.length - 1] ?? 0
  const doublings = policy.exponentialBackoff ? retry - policy.retryDelays.length : 0
  return Math.min(last * 2 ** Math.min(doublings, 32), MAX_RETRY_DELAY_MS)
}

/**
 * Delay before retry k of an order that must be acknowledged in time (mode `deadline`): 13 attempts in the first 6 min 8 s,
 * then one a minute, and a last one just before the deadline.
 *
 * | attempt | 1 | 2 | 3 | 4 | 5  | 6  | 7  | 8  | 9   | 10  | 11  | 12  | 13  |
 * |---------|---|---|---|---|----|----|----|----|-----|-----|-----|-----|-----|
 * | at s    | 0 | 1 | 3 | 8 | 18 | 33 | 53 | 83 | 128 | 188 | 248 | 308 | 368 |
 */
export const DEADLINE_DELAYS_MS: readonly number[] = [
  1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 60_000, 60_000, 60_000,
]
const LATE_DELAY_MS = 60_000
/** The last attempt starts this long before the deadline. */
const LAST_CALL_MS = 1_000
/** However far the deadline is. */
export const MAX_DEADLINE_RETRIES = 1_000

/** What decides about a retry, beside the answer. */
export type RetryContext = {
  readonly number: number
  readonly trigger: AttemptTrigger
  /** Until when the platform waits for this order, ms since 1970; null where it names no time. */
  readonly acceptByMs: number | null
  readonly nowMs: number
}

/** What follows from an attempt's answer: the one place that decides. */
export function outcomeOf(attempt: RetryContext, response: AttemptResponse, policy: RetryPolicy): AttemptOutcome {
  const { statusCode } = response
  if (statusCode !== null && statusCode >= 200 && statusCode < 300) return { outcome: 'delivered' }
  if (statusCode === 410) return { outcome: 'dead', reason: 'webhook_gone' }
  // A person's retry is one attempt: it neither uses up nor renews the automatic budget.
  if (attempt.trigger === 'manual') return { outcome: 'dead', reason: 'retries_exhausted' }
  const asked = statusCode === 429 || statusCode === 503 ? (response.retryAfterMs ?? 0) : 0
  if (policy.mode === 'deadline' && attempt.acceptByMs !== null)
    return beforeDeadline(attempt.number, asked, attempt.acceptByMs - attempt.nowMs)
  if (attempt.number > policy.maxRetries) return { outcome: 'dead', reason: 'retries_exhausted' }
  return {
    outcome: 'retry',
    delayMs: Math.min(Math.max(retryDelayMs(policy, attempt.number), asked), MAX_RETRY_DELAY_MS),
  }
}

function beforeDeadline(retry: number, askedMs: number, leftMs: number): AttemptOutcome {
  if (leftMs <= LAST_CALL_MS) return { outcome: 'dead', reason: 'expired' }
  if (retry > MAX_DEADLINE_RETRIES) return { outcome: 'dead', reason: 'retries_exhausted' }
  const delayMs = Math.max(DEADLINE_DELAYS_MS[retry - 1] ?? LATE_DELAY_MS, askedMs)
  return { outcome: 'retry', delayMs: Math.min(delayMs, leftMs - LAST_CALL_MS, MAX_RETRY_DELAY_MS) }
}
