import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exponentOf, parseMoney, sumMoney, timesMoney } from '../../../src/domain/money.js'

describe('money', () => {
  it('survives JSON numbers exactly for up to 15 significant digits, in currencies of 0 to 4 decimals', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('JPY', 'AED', 'KWD', 'CLF'),
        fc.integer({ min: 0, max: 999_999_999_999_999 }),
        fc.boolean(),
        (currency, minor, negative) => {
          const exponent = exponentOf(currency)
          const digits = String(minor).padStart(exponent + 1, '0')
          const whole = digits.slice(0, digits.length - exponent)
          const decimal = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`
          const wire = `${negative ? '-' : ''}${decimal}`
          const amount = negative && minor !== 0 ? -minor : minor
          expect(parseMoney(wire, currency)).toEqual({ amount, currency })
          // Below 1e-6 a number's shortest text is in the other notation, and no currency has such a unit.
          expect(parseMoney(JSON.parse(wire), currency)).toEqual({ amount, currency })
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['7.250', 'KWD', 7250],
    [7.25, 'KWD', 7250],
    [64.0, 'SAR', 6400],
    [0.1 + 0.2, 'AED', null],
    ['12.345', 'AED', null],
    ['12.340', 'AED', 1234],
    ['-0', 'AED', 0],
    [1e308, 'AED', null],
    ['1e3', 'AED', null],
    ['٧٫٢٥', 'AED', null],
    ['7,25', 'AED', null],
    ['7.25', 'aed', null],
    ['90071992547409.92', 'AED', null],
    [Number.NaN, 'AED', null],
    [undefined, 'AED', null],
  ])('reads %s in %s as %s', (value, currency, amount) => {
    expect(parseMoney(value, currency)?.amount ?? null).toBe(amount)
  })

  it('knows every currency whose minor unit is not a hundredth', () => {
    const known: Record<number, string> = {
      0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
      3: 'BHD IQD JOD KWD LYD OMR TND',
      4: 'CLF UYW',
    }
    for (const [exponent, currencies] of Object.entries(known))
      for (const currency of currencies.split(' ')) expect(exponentOf(currency), currency).toBe(Number(exponent))
    for (const currency of ['AED', 'SAR', 'QAR', 'EGP', 'USD', 'EUR', 'GBP', 'LBP'])
      expect(exponentOf(currency)).toBe(2)
  })

  it('is null rather than wrong beyond what integers hold', () => {
    const large = { amount: Number.MAX_SAFE_INTEGER, currency: 'AED' }
    expect(sumMoney([large, large])).toBeNull()
    expect(timesMoney(large, 2)).toBeNull()
  })
})
