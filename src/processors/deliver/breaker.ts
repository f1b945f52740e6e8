/** Failures in a row that open an endpoint's breaker … */
export const FAILURES_TO_OPEN = 10
/** … if they have gone on for this long: a burst that meets a restart of the endpoint is left to the retries. */
export const FAILING_FOR_MS = 10_000
/** How long it stays open before a probe; doubled with each probe that fails. */
export const OPEN_MS = 5_000
export const MAX_OPEN_MS = 60_000

/**
 * | state     | deliveries | becomes                                                       |
 * |-----------|------------|---------------------------------------------------------------|
 * | closed    | go         | open after {@link FAILURES_TO_OPEN} in {@link FAILING_FOR_MS} |
 * | open      | are held   | half-open at `until`                                          |
 * | half-open | one probes | closed when it is answered, open (for longer) when it is not  |
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number; readonly failingSince: number }
  | { readonly state: 'open'; readonly until: number; readonly openMs: number }
  | { readonly state: 'half-open'; readonly openMs: number }

export const CLOSED: Breaker = { state: 'closed', failures: 0, failingSince: 0 }

/** `alive`: the endpoint answered, whatever it said of this delivery. `down`: no answer, or 5xx. */
export type Health = 'alive' | 'down'

/** The breaker after an attempt. Times in ms of one monotonic clock. */
export function afterAttempt(
  breaker: Breaker,
  health: Health,
  time: { readonly startedAt: number; readonly now: number },
): Breaker {
  if (health === 'alive') return CLOSED
  switch (breaker.state) {
    case 'closed': {
      const failures = breaker.failures + 1
      const failingSince = breaker.failures === 0 ? time.startedAt : Math.min(breaker.failingSince, time.startedAt)
      return failures >= FAILURES_TO_OPEN && time.now - failingSince >= FAILING_FOR_MS
        ? { state: 'open', until: time.now + OPEN_MS, openMs: OPEN_MS }
        : { state: 'closed', failures, failingSince }
    }
    case 'half-open': {
      const openMs = Math.min(breaker.openMs * 2, MAX_OPEN_MS)
      return { state: 'open', until: time.now + openMs, openMs }
    }
    case 'open':
      // An attempt that was under way when it opened says nothing new.
      return breaker
  }
}
