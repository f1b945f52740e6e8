import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addHistograms, bucketOf, middleOf, quantile, RELATIVE_ERROR } from '../../../src/domain/histogram.js'

const histogramOf = (values: readonly number[]) => addHistograms(values.map((value) => new Map([[bucketOf(value), 1]])))
const milliseconds = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 300 })

describe('a histogram', () => {
  it('gives every quantile within its stated error of the true one', () => {
    fc.assert(
      fc.property(milliseconds, fc.constantFrom(0.5, 0.95, 0.99), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b)
        const truth = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0
        const read = quantile(histogramOf(values), q) ?? 0
        expect(Math.abs(read - truth) / truth).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9)
      }),
    )
  })

  it('adds up: the sum of two is the histogram of both', () => {
    fc.assert(
      fc.property(milliseconds, milliseconds, (a, b) => {
        expect(new Map([...addHistograms([histogramOf(a), histogramOf(b)])].sort())).toEqual(
          new Map([...histogramOf([...a, ...b])].sort()),
        )
      }),
    )
  })

  it('is read as nothing while it is empty', () => {
    expect(quantile(new Map(), 0.5)).toBeNull()
  })

  it('has a value for zero, and needs fewer than 300 buckets for a minute', () => {
    expect(middleOf(bucketOf(0))).toBe(1)
    expect(bucketOf(60_000)).toBeLessThan(300)
  })
})
