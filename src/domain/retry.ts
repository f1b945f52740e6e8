import type { RetryPolicy } from './client.js'
import type { AttemptOutcome, AttemptResponse, AttemptTrigger } from './delivery.js'

/** No retry waits longer, whatever the policy or a Retry-After says. */
export const MAX_RETRY_DELAY_MS = 3_600_000

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

/** What follows from an attempt's answer: the one place that decides. */
export function outcomeOf(
  attempt: { readonly number: number; readonly trigger: AttemptTrigger },
  response: AttemptResponse,
  policy: RetryPolicy,
): AttemptOutcome {
  const { statusCode } = response
  if (statusCode !== null && statusCode >= 200 && statusCode < 300) return { outcome: 'delivered' }
  if (statusCode === 410) return { outcome: 'dead', reason: 'webhook_gone' }
  // A person's retry is one attempt: it neither uses up nor renews the automatic budget.
  if (attempt.trigger === 'manual' || attempt.number > policy.maxRetries)
    return { outcome: 'dead', reason: 'retries_exhausted' }
  const asked = statusCode === 429 || statusCode === 503 ? (response.retryAfterMs ?? 0) : 0
  return {
    outcome: 'retry',
    delayMs: Math.min(Math.max(retryDelayMs(policy, attempt.number), asked), MAX_RETRY_DELAY_MS),
  }
}
