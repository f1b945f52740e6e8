import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SPANS } from '../../../src/domain/bucket.js'
import { spansOf } from '../../../src/store/stats.js'

const MINUTE_MS = SPANS.minute
const start = Date.parse('2026-01-01T00:00:00.000Z')

describe('the buckets of a range', () => {
  it('follow each other without gap or overlap from its beginning to its end, and are few', () => {
    const cases = fc.constantFrom(
      { grain: 'minute', step: 'minute', length: SPANS.hour } as const,
      { grain: 'minute', step: 'hour', length: SPANS.day } as const,
      { grain: 'hour', step: 'hour', length: 7 * SPANS.day } as const,
      { grain: 'hour', step: 'day', length: 30 * SPANS.day } as const,
    )
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 60 * 24 * 60 }), ({ grain, step, length }, minutes) => {
        const untilMs = start + minutes * MINUTE_MS
        const sinceMs = Math.floor((untilMs - length) / SPANS[grain]) * SPANS[grain]
        const range = { since: new Date(sinceMs).toISOString(), until: new Date(untilMs).toISOString() }
        const spans = spansOf({ ...range, grain, step })
        expect(spans[0]?.at).toBe(sinceMs)
        for (const [index, { at, span }] of spans.entries()) {
          const next = spans[index + 1]
          if (next !== undefined) expect(next.at).toBe(at + SPANS[span])
          else expect(at + SPANS[span]).toBeGreaterThan(untilMs)
        }
        expect(spans.length).toBeLessThanOrEqual(170)
      }),
    )
  })
})
