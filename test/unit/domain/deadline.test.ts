import { describe, expect, it } from 'vitest'
import { atRiskEvent } from '../../../src/domain/at-risk.js'
import { retryPolicySchema } from '../../../src/domain/client.js'
import type { CanonicalEvent } from '../../../src/domain/event.js'
import { outcomeOf } from '../../../src/domain/retry.js'

const policy = retryPolicySchema.parse({ mode: 'deadline' })
const failed = { statusCode: 500, body: null, error: null, responseTimeMs: 1, retryAfterMs: null }

/** When each attempt is made, ms after the first, if every one fails at once. */
function attemptsUntil(acceptByMs: number): readonly number[] {
  const times: number[] = []
  for (let nowMs = 0; ; ) {
    times.push(nowMs)
    const outcome = outcomeOf({ number: times.length, trigger: 'automatic', acceptByMs, nowMs }, failed, policy)
    if (outcome.outcome !== 'retry') {
      expect(outcome).toEqual({ outcome: 'dead', reason: 'expired' })
      return times
    }
    nowMs += outcome.delayMs
  }
}

describe('the policy deadline', () => {
  it('makes at least twelve attempts in the first seven minutes', () => {
    expect(attemptsUntil(3_600_000).filter((ms) => ms <= 420_000).length).toBeGreaterThanOrEqual(12)
  })

  it('makes its last attempt a second before the end, and none after it', () => {
    for (const end of [5_000, 61_000, 300_000, 421_337]) expect(attemptsUntil(end).at(-1)).toBe(end - 1_000)
  })

  it('goes by the list where the platform names no time', () => {
    const outcome = outcomeOf({ number: 4, trigger: 'automatic', acceptByMs: null, nowMs: 0 }, failed, policy)
    expect(outcome).toEqual({ outcome: 'dead', reason: 'retries_exhausted' })
  })
})

describe('an order at risk', () => {
  // Only what is read of an order stands here.
  const order = { id: 'ord_1', status: 'pending', acceptBy: '2026-03-14T17:08:00.000Z' }
  const event = {
    v: 1,
    id: 'evt_1',
    type: 'order.created',
    provider: 'careem',
    clientId: 'c',
    occurredAt: '2026-03-14T17:00:00.000Z',
    receivedAt: '2026-03-14T17:00:00.000Z',
    dedupeKey: 'k',
    source: { eventType: 'order.created', profile: 'spec', auth: 'hmac' },
    data: { order },
  } as unknown as CanonicalEvent
  const at = (minutes: number) => Date.UTC(2026, 2, 14, 17, minutes)

  it('is told once no attempt is left before its last quarter, always under the same id', () => {
    const now = new Date(at(1))
    expect(atRiskEvent(event, at(5), now)).toBeNull()
    const told = atRiskEvent(event, at(7), now)
    expect(told).toMatchObject({ type: 'order.at_risk', data: { order } })
    expect(atRiskEvent(event, null, new Date(at(2)))?.id).toBe(told?.id)
  })

  it('is not told after its time, nor of an order that was accepted', () => {
    expect(atRiskEvent(event, null, new Date(at(9)))).toBeNull()
    const accepted = { ...event, data: { order: { ...order, status: 'accepted' } } } as unknown as CanonicalEvent
    expect(atRiskEvent(accepted, null, new Date(at(1)))).toBeNull()
  })
})
