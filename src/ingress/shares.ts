/** What one client may send so that nobody notices, and how much of it at once. */
export type Share = { readonly perSecond: number; readonly burst: number }

/** Tells which clients send more than their share just now. Keys are known clients only, so memory is bounded by registrations. */
export type Shares = {
  /**
   * Counts one event; whether it goes behind the others'.
   * @param nowMs monotonic
   */
  exceeds(clientId: string, nowMs: number): boolean
}

/** A client that sent too much stays behind for this long after: its own events keep their order. */
const CALM_MS = 10_000

type Bucket = { tokens: number; at: number; overAt: number }

/** Token buckets, each process its own. */
export function createShares({ perSecond, burst }: Share): Shares {
  const buckets = new Map<string, Bucket>()
  return {
    exceeds: (clientId, nowMs) => {
      const bucket = buckets.get(clientId) ?? { tokens: burst, at: nowMs, overAt: Number.NEGATIVE_INFINITY }
      buckets.set(clientId, bucket)
      const refilled = bucket.tokens + (Math.max(0, nowMs - bucket.at) * perSecond) / 1_000
      bucket.tokens = Math.min(burst, refilled)
      bucket.at = nowMs
      if (bucket.tokens >= 1) bucket.tokens -= 1
      else bucket.overAt = nowMs
      return nowMs - bucket.overAt < CALM_MS
    },
  }
}
