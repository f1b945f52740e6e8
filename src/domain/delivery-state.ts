import type { DeadReason } from './delivery.js'
import type { Attempt, Log } from './log.js'

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

/** Where one delivery of an event stands. */
export type DeliveryState = { readonly webhookId: string; readonly state: 'pending' | 'delivered' | 'dead' }

/** Every delivery of an event: those it was handed to, and those that were tried. */
export function deliveryStates({
  webhookIds,
  attempts,
}: Pick<Log, 'webhookIds' | 'attempts'>): readonly DeliveryState[] {
  const tried = attemptsByWebhook(attempts)
  return [...new Set([...(webhookIds ?? []), ...tried.keys()])].map((webhookId) => {
    const result = decidingAttempt(tried.get(webhookId) ?? [])?.result
    return { webhookId, state: result === 'delivered' || result === 'dead' ? result : 'pending' }
  })
}

/** A delivery that was given up, with the last answer it got. */
export type DeadDelivery = {
  readonly webhookId: string
  readonly url: string
  readonly reason: DeadReason
  readonly at: string
  readonly attempts: number
  readonly statusCode: number | null
  readonly response: string | null
  readonly error: string | null
}

/** The deliveries of an event that were given up. */
export function deadDeliveries(log: Pick<Log, 'webhookIds' | 'attempts'>): readonly DeadDelivery[] {
  const tried = attemptsByWebhook(log.attempts)
  return deliveryStates(log).flatMap(({ webhookId, state }) => {
    const attempts = tried.get(webhookId) ?? []
    const last = decidingAttempt(attempts)
    if (state !== 'dead' || last === undefined) return []
    const { url, at, deadReason, statusCode, response, error } = last
    const reason = deadReason ?? 'retries_exhausted'
    return [{ webhookId, url, reason, at, attempts: attempts.length, statusCode, response, error }]
  })
}

function highest(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (best, attempt) => (best === undefined || attempt.attempt > best.attempt ? attempt : best),
    undefined,
  )
}
