import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerOf, REFUSAL_STATUS, type RefusalCode } from '../../../src/ingress/outcome.js'
import { createRateLimiter } from '../../../src/ingress/rate-limit.js'
import { createRecentEvents } from '../../../src/ingress/recent-events.js'
import { createRejectionBudget } from '../../../src/ingress/rejection-budget.js'

describe('the rate limiter', () => {
  const minute = { key: 'a', windowMs: 60_000, max: 10 }

  it('allows the limit, then says when to come back', () => {
    const limiter = createRateLimiter()
    for (let index = 0; index < 10; index += 1) expect(limiter.take([minute], 60_000)).toEqual({ allowed: true })
    expect(limiter.take([minute], 75_000)).toEqual({
      allowed: false,
      limit: { max: 10, remaining: 0, resetMs: 45_000 },
    })
  })

  it('does not allow twice the limit across a boundary', () => {
    const limiter = createRateLimiter()
    for (let index = 0; index < 10; index += 1) limiter.take([minute], 119_000)
    expect(limiter.take([minute], 121_000).allowed).toBe(false)
    expect(limiter.take([minute], 150_000).allowed).toBe(true)
  })

  it('holds all limits at once, and counts against none what one refuses', () => {
    const limiter = createRateLimiter()
    const burst = { key: 'b', windowMs: 1_000, max: 2 }
    expect([1, 2, 3].map(() => limiter.take([burst, minute], 0).allowed)).toEqual([true, true, false])
    expect(Array.from({ length: 9 }, () => limiter.take([minute], 0).allowed).filter(Boolean)).toHaveLength(8)
  })

  it('takes back what is not to count', () => {
    const limiter = createRateLimiter()
    for (let index = 0; index < 50; index += 1) {
      expect(limiter.take([minute], 0).allowed).toBe(true)
      limiter.giveBack([minute], 0)
    }
  })

  it('never allows more than the limit in any one window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 200 }), (times) => {
        const limiter = createRateLimiter()
        const allowed = times.sort((a, b) => a - b).filter((time) => limiter.take([minute], time).allowed)
        for (let window = 0; window < 6; window += 1)
          expect(allowed.filter((time) => Math.floor(time / 60_000) === window).length).toBeLessThanOrEqual(10)
      }),
    )
  })
})

describe('answers', () => {
  it.each(Object.entries(REFUSAL_STATUS))('%s is %i, in the form of the contract', (code, status) => {
    const answer = answerOf({ outcome: 'refused', code: code as RefusalCode, message: 'why' })
    expect(answer.status).toBe(status)
    expect(JSON.parse(String(answer.body))).toEqual({ success: false, error: { code, message: 'why' } })
  })
})

describe('recent events and the rejection budget', () => {
  it('forget the oldest first', () => {
    const recent = createRecentEvents(2)
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map((id) => recent.add(id))).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
    ])
  })

  it('let the first refusals through, then one a second', () => {
    const budget = createRejectionBudget()
    expect(Array.from({ length: 30 }, () => budget.spend('a', 0)).filter(Boolean)).toHaveLength(20)
    expect([budget.spend('a', 1_000), budget.spend('a', 1_000), budget.spend('b', 1_000)]).toEqual([true, false, true])
  })
})
