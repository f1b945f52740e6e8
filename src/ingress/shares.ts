import type { RateLimiting } from '../domain/client.js'

/** What may be sent in the long run. */
type Rate = Pick<RateLimiting, 'maxRequests' | 'windowMs'>

/** Tells which clients send more than their share just now. Keys are known clients only, so memory is bounded by registrations. */
export type Shares = {
  /**
   * Counts one event; whether it goes behind the others'.
   * @param own the client's own limit: one that was given more has more; one whose limit is off has the installation's
   * @param nowMs monotonic
   */
  exceeds(clientId: string, own: RateLimiting | undefined, nowMs: number): boolean
}

/** This much of its share may come at once. */
const BURST_SECONDS = 2
/** A client that sent too much stays behind for this long after: its own events keep their order. */
const CALM_MS = 10_000

type Bucket = { tokens: number; at: number; overAt: number }

/** Token buckets, each process its own. @param least the installation's limit, a client's share unless it has a higher one */
export function createShares(least: Rate): Shares {
  const buckets = new Map<string, Bucket>()
  return {
    exceeds: (clientId, own, nowMs) => {
      const perMs = Math.max(perMillisecond(least), own?.enabled === true ? perMillisecond(own) : 0)
      const burst = Math.max(1, perMs * BURST_SECONDS * 1_000)
      const bucket = buckets.get(clientId) ?? { tokens: burst, at: nowMs, overAt: Number.NEGATIVE_INFINITY }
      buckets.set(clientId, bucket)
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, nowMs - bucket.at) * perMs)
      bucket.at = nowMs
      if (bucket.tokens >= 1) bucket.tokens -= 1
      else bucket.overAt = nowMs
      return nowMs - bucket.overAt < CALM_MS
    },
  }
}

function perMillisecond({ maxRequests, windowMs }: Rate): number {
  return maxRequests / windowMs
}
