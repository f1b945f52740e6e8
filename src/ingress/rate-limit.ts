/** At most `max` requests counted under `key` in any `windowMs`. */
export type RateLimit = { readonly key: string; readonly windowMs: number; readonly max: number }

export type RateLimitState = { readonly max: number; readonly remaining: number; readonly resetMs: number }

export type RateDecision = { readonly allowed: true } | { readonly allowed: false; readonly limit: RateLimitState }

/**
 * Counts requests per key in sliding windows: the last full window weighs in by how much of it still overlaps, so that
 * nobody gets twice the limit across a boundary. Keys are known clients only, so memory is bounded by registrations.
 */
export type RateLimiter = {
  /** Whether one more request fits all limits; if so it is counted. */
  take(limits: readonly RateLimit[], nowMs: number): RateDecision
  /** Takes back a counted request (the skip flags of the client's rateLimiting). */
  giveBack(limits: readonly RateLimit[], nowMs: number): void
}

type Window = { index: number; current: number; previous: number }

export function createRateLimiter(): RateLimiter {
  const windows = new Map<string, Window>()
  const windowOf = (limit: RateLimit, nowMs: number): Window => {
    const index = Math.floor(nowMs / limit.windowMs)
    let window = windows.get(limit.key)
    if (window === undefined) {
      window = { index, current: 0, previous: 0 }
      windows.set(limit.key, window)
    }
    if (window.index !== index) {
      window.previous = window.index === index - 1 ? window.current : 0
      window.current = 0
      window.index = index
    }
    return window
  }
  return {
    take: (limits, nowMs) => {
      for (const limit of limits) {
        const state = stateOf(windowOf(limit, nowMs), limit, nowMs)
        if (state.remaining < 1) return { allowed: false, limit: { ...state, remaining: 0 } }
      }
      for (const limit of limits) windowOf(limit, nowMs).current += 1
      return { allowed: true }
    },
    giveBack: (limits, nowMs) => {
      for (const limit of limits) {
        const window = windowOf(limit, nowMs)
        window.current = Math.max(0, window.current - 1)
      }
    },
  }
}

function stateOf(window: Window, limit: RateLimit, nowMs: number): RateLimitState {
  const intoWindow = nowMs - window.index * limit.windowMs
  const used = window.current + window.previous * (1 - intoWindow / limit.windowMs)
  return { max: limit.max, remaining: Math.floor(limit.max - used), resetMs: limit.windowMs - intoWindow }
}
