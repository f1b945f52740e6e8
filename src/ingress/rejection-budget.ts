/** Lets a few rejections per client into the logs, so that an attacker cannot fill the database. */
export type RejectionBudget = { spend(clientId: string, nowMs: number): boolean }

/** At most this many at once, refilled at this rate: the first refusals of a misconfigured platform are always seen. */
const BURST = 20
const PER_SECOND = 1

export function createRejectionBudget(): RejectionBudget {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    spend: (clientId, nowMs) => {
      const bucket = buckets.get(clientId) ?? { tokens: BURST, at: nowMs }
      bucket.tokens = Math.min(BURST, bucket.tokens + ((nowMs - bucket.at) / 1_000) * PER_SECOND)
      bucket.at = nowMs
      buckets.set(clientId, bucket)
      if (bucket.tokens < 1) return false
      bucket.tokens -= 1
      return true
    },
  }
}
