import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientSettingsSchema, retryPolicySchema } from '../../../src/domain/client.js'
import { eventIdOf } from '../../../src/domain/ids.js'
import { minorUnits, parseMoney, sumMoney } from '../../../src/domain/money.js'
import { ORDER_STATUSES } from '../../../src/domain/order.js'
import { foldOrder } from '../../../src/domain/order-state.js'
import { outcomeOf, retryDelayMs } from '../../../src/domain/retry.js'

describe('parseMoney', () => {
  it.each([
    ['7.250', 'KWD', 7250],
    ['10', 'AED', 1000],
    ['10.5', 'AED', 1050],
    [64.0, 'SAR', 6400],
    [0.1, 'AED', 10],
    ['12.340', 'AED', 1234],
    ['500', 'JPY', 500],
    ['-3.00', 'AED', -300],
    ['-0', 'AED', 0],
  ])('reads %s %s as %i minor units', (value, currency, amount) => {
    expect(parseMoney(value, currency)).toEqual({ amount, currency })
  })

  it.each([
    ['12.345', 'AED'],
    [1e308, 'AED'],
    ['1e3', 'AED'],
    ['', 'AED'],
    ['ten', 'AED'],
    ['1,000.00', 'AED'],
    [Number.NaN, 'AED'],
    ['99999999999999.999', 'KWD'],
    ['1', 'aed'],
    ['1', ''],
    [null, 'AED'],
    [{}, 'AED'],
  ])('has no amount for %s %s', (value, currency) => {
    expect(parseMoney(value, currency)).toBeNull()
  })

  it('equals the decimal text for every amount of two and three decimals', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.constantFrom(['AED', 2] as const, ['KWD', 3] as const),
        (amount, [currency, digits]) => {
          const text = amount.toString().padStart(digits + 1, '0')
          expect(parseMoney(`${text.slice(0, -digits)}.${text.slice(-digits)}`, currency)).toEqual({ amount, currency })
        },
      ),
    )
  })

  it('does not add currencies, nor amounts that are missing', () => {
    expect(
      sumMoney([
        { amount: 1, currency: 'AED' },
        { amount: 1, currency: 'KWD' },
      ]),
    ).toBeNull()
    expect(sumMoney([{ amount: 1, currency: 'AED' }, null])).toBeNull()
    expect(minorUnits(1.5, 'AED')).toBeNull()
  })
})

describe('foldOrder', () => {
  const change = fc.record({
    to: fc.constantFrom(...ORDER_STATUSES),
    occurredAt: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z', '2026-01-01T00:02:00.000Z'),
    dedupeKey: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  })

  it('gives the same order for any arrival order and any repetition', () => {
    fc.assert(
      fc.property(
        fc
          .array(change, { maxLength: 6 })
          .chain((changes) =>
            fc.tuple(
              fc.constant(changes),
              fc.shuffledSubarray([...changes, ...changes], { minLength: changes.length * 2 }),
            ),
          ),
        ([changes, shuffled]) => {
          expect(foldOrder(shuffled)).toEqual(foldOrder(changes))
        },
      ),
    )
  })

  it('never leaves an end, and never goes back', () => {
    const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`
    const folded = foldOrder([
      { to: 'accepted', occurredAt: at(1), dedupeKey: 'a' },
      { to: 'picked_up', occurredAt: at(2), dedupeKey: 'b' },
      { to: 'ready', occurredAt: at(3), dedupeKey: 'c' },
      { to: 'delivered', occurredAt: at(4), dedupeKey: 'd' },
      { to: 'cancelled', occurredAt: at(5), dedupeKey: 'e' },
      { to: 'delivered', occurredAt: at(6), dedupeKey: 'f' },
    ])
    expect(folded.status).toBe('delivered')
    expect(folded.revision).toBe(4)
    expect(folded.changes.map(({ why }) => why)).toEqual([null, null, 'late', null, 'illegal', 'duplicate'])
  })

  it('refuses nothing after acceptance but what the platform may still say', () => {
    expect(
      foldOrder([
        { to: 'accepted', occurredAt: '1', dedupeKey: 'a' },
        { to: 'rejected', occurredAt: '2', dedupeKey: 'b' },
      ]).status,
    ).toBe('accepted')
  })
})

describe('the retry policy', () => {
  const defaults = retryPolicySchema.parse({})

  it("is the specification's by default", () => {
    expect(clientSettingsSchema.parse({})).toMatchObject({
      retryPolicy: { maxRetries: 3, retryDelays: [1000, 5000, 10000], exponentialBackoff: true },
      security: {
        signatureValidation: true,
        ipWhitelist: [],
        rateLimiting: {
          enabled: true,
          maxRequests: 1000,
          windowMs: 60000,
          skipSuccessfulRequests: false,
          skipFailedRequests: false,
        },
      },
    })
  })

  it('takes the listed delays, then doubles the last up to an hour', () => {
    expect([1, 2, 3, 4, 5, 20].map((retry) => retryDelayMs(defaults, retry))).toEqual([
      1_000, 5_000, 10_000, 20_000, 40_000, 3_600_000,
    ])
    expect(retryDelayMs({ ...defaults, exponentialBackoff: false }, 9)).toBe(10_000)
  })

  it('never makes more attempts than the policy allows, whatever the answers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8 }),
        fc.array(fc.constantFrom(null, 500, 404, 301, 429, 503), { minLength: 20, maxLength: 20 }),
        (maxRetries, statuses) => {
          let attempts = 0
          for (const statusCode of statuses) {
            attempts += 1
            const outcome = outcomeOf(
              { number: attempts, trigger: 'automatic', acceptByMs: null, nowMs: 0 },
              { statusCode, body: null, error: null, responseTimeMs: 1, retryAfterMs: null },
              { ...defaults, maxRetries },
            )
            if (outcome.outcome !== 'retry') break
          }
          expect(attempts).toBe(maxRetries + 1)
        },
      ),
    )
  })

  it.each([
    ['200 is delivered', 200, null, { outcome: 'delivered' }],
    ['204 is delivered', 204, null, { outcome: 'delivered' }],
    ['301 is a failed attempt: redirects are not followed', 301, null, { outcome: 'retry', delayMs: 1_000 }],
    ['410 ends the endpoint', 410, null, { outcome: 'dead', reason: 'webhook_gone' }],
    ['503 waits as asked', 503, 30_000, { outcome: 'retry', delayMs: 30_000 }],
    ['429 never waits less than the policy', 429, 10, { outcome: 'retry', delayMs: 1_000 }],
    ['a Retry-After of a day is capped', 429, 86_400_000, { outcome: 'retry', delayMs: 3_600_000 }],
    ['500 ignores Retry-After', 500, 30_000, { outcome: 'retry', delayMs: 1_000 }],
  ])('%s', (_, statusCode, retryAfterMs, outcome) => {
    expect(
      outcomeOf(
        { number: 1, trigger: 'automatic', acceptByMs: null, nowMs: 0 },
        { statusCode, body: null, error: null, responseTimeMs: 1, retryAfterMs },
        defaults,
      ),
    ).toEqual(outcome)
  })

  it('gives a manual attempt no automatic retries', () => {
    expect(
      outcomeOf(
        { number: 1, trigger: 'manual', acceptByMs: null, nowMs: 0 },
        { statusCode: 500, body: null, error: null, responseTimeMs: 1, retryAfterMs: null },
        defaults,
      ),
    ).toEqual({ outcome: 'dead', reason: 'retries_exhausted' })
  })
})

describe('event ids', () => {
  it('depend on provider, client and key, and on nothing else', () => {
    expect(eventIdOf('careem', 'a', 'k')).toBe(eventIdOf('careem', 'a', 'k'))
    expect(
      new Set([
        eventIdOf('careem', 'a', 'k'),
        eventIdOf('jahez', 'a', 'k'),
        eventIdOf('careem', 'b', 'k'),
        eventIdOf('careem', 'a', 'l'),
      ]).size,
    ).toBe(4)
  })
})
