import type { Attempt } from './log.js'

/**
 * The attempt that tells where one delivery stands, of all its attempts in any order: one that delivered, for good;
 * else the automatic one with the highest number (clocks of two processes may disagree about which came last); else
 * the last manual one. So a manual attempt that fails leaves a scheduled retry as it is. Undefined before the first.
 */
export function decidingAttempt(attempts: readonly Attempt[]): Attempt | undefined {
  const automatic = attempts.filter(({ trigger }) => trigger === 'automatic')
  return attempts.find(({ result }) => result === 'delivered') ?? highest(automatic) ?? highest(attempts)
}

/** Every delivery of an event that has been tried, each with its attempts. */
export function attemptsByWebhook(attempts: readonly Attempt[]): ReadonlyMap<string, readonly Attempt[]> {
  const grouped = new Map<string, Attempt[]>()
  for (const attempt of attempts) {
    const others = grouped.get(attempt.webhookId)
    if (others === undefined) grouped.set(attempt.webhookId, [attempt])
    else others.push(attempt)
  }
  return grouped
}

function highest(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (best, attempt) => (best === undefined || attempt.attempt > best.attempt ? attempt : best),
    undefined,
  )
}
