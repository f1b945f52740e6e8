import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RateLimiting, rateLimitingSchema } from '../../../src/domain/client.js'
import { createShares } from '../../../src/ingress/shares.js'

const TEN_A_SECOND = { maxRequests: 600, windowMs: 60_000 }
const limit = (changes: Partial<RateLimiting>) => rateLimitingSchema.parse({ ...TEN_A_SECOND, ...changes })

/** Which of a client's events, one each at these times (ms), go behind the others'. */
function over(times: readonly number[], own?: RateLimiting): readonly boolean[] {
  const shares = createShares(TEN_A_SECOND)
  return times.map((at) => shares.exceeds('c', own, at))
}
const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => index * ms)

describe("a client's share", () => {
  it('holds a steady rate up to it for ever, and a burst', () => {
    expect(over(every(100, 5_000))).not.toContain(true)
    expect(over(every(0, 20))).not.toContain(true)
    expect(over(every(0, 21)).at(-1)).toBe(true)
  })

  it('that is exceeded puts everything behind, until ten seconds after the last that was too much', () => {
    const flood = every(2, 1_000)
    const after = [2_000, 7_000, 11_997, 11_999]
    const judged = over([...flood, ...after])
    const first = judged.indexOf(true)
    expect(judged.slice(first, flood.length)).not.toContain(false)
    expect(judged.slice(-4)).toEqual([true, true, true, false])
  })

  it('is its own: what one sends counts for no other', () => {
    const shares = createShares(TEN_A_SECOND)
    for (let count = 0; count < 100; count += 1) shares.exceeds('loud', undefined, 0)
    expect(shares.exceeds('quiet', undefined, 0)).toBe(false)
  })

  it("is as large as the limit it was given, and the installation's where its limit is lower or off", () => {
    const steady = every(10, 5_000)
    expect(over(steady, limit({ maxRequests: 6_000 }))).not.toContain(true)
    expect(over(steady, limit({ maxRequests: 6_000, enabled: false }))).toContain(true)
    expect(over(every(100, 5_000), limit({ maxRequests: 60 }))).not.toContain(true)
  })

  it('never lets more go before the others than its burst and its rate', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }), (gaps) => {
        let at = 0
        const times = gaps.map((gap) => (at += gap))
        const before = over(times).filter((isOver) => !isOver).length
        expect(before).toBeLessThanOrEqual(20 + (at * 10) / 1_000)
      }),
    )
  })
})
