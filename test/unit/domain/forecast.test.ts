import { describe, expect, it } from 'vitest'
import { anomalyOf, forecast, MIN_HISTORY_HOURS, naiveForecast } from '../../../src/domain/forecast.js'
import { simulateOrders } from '../../support/simulated-orders.js'

const WEEK = 168

/** Mean absolute error of the next six hours, asked for every hour of the last two of eight weeks. */
function errorsOn(orders: readonly number[]): { readonly ours: number; readonly naive: number } {
  const sums = { ours: 0, naive: 0, count: 0 }
  for (let at = 6 * WEEK; at + 6 <= orders.length; at += 1) {
    const known = orders.slice(0, at)
    const ours = forecast(known, 6)?.hours ?? []
    const naive = naiveForecast(known, 6)
    for (let ahead = 0; ahead < 6; ahead += 1) {
      const truth = orders[at + ahead] ?? 0
      sums.ours += Math.abs((ours[ahead] ?? 0) - truth)
      sums.naive += Math.abs((naive[ahead] ?? 0) - truth)
      sums.count += 1
    }
  }
  return { ours: sums.ours / sums.count, naive: sums.naive / sums.count }
}

describe('the forecast', () => {
  it.each([
    { mean: 2, seeds: [1, 2, 3, 4, 5] },
    { mean: 8, seeds: [6, 7, 8, 9, 10] },
    { mean: 25, seeds: [11, 12, 13, 14, 15] },
  ])(
    'misses by at least 15 % less than the same hour of the week before, at $mean orders an hour',
    ({ mean, seeds }) => {
      const errors = seeds.map((seed) => errorsOn(simulateOrders({ seed, weeks: 8, mean })))
      const sum = (name: 'ours' | 'naive') => errors.reduce((total, each) => total + each[name], 0) / errors.length
      expect(sum('ours') / sum('naive')).toBeLessThan(0.85)
      for (const { ours, naive } of errors) expect(ours).toBeLessThan(naive)
    },
  )

  it('is nothing before two weeks are known', () => {
    expect(forecast(Array<number>(MIN_HISTORY_HOURS - 1).fill(3), 6)).toBeNull()
  })

  it('of a store that always has three orders an hour is three', () => {
    for (const hour of forecast(Array<number>(4 * WEEK).fill(3), 48)?.hours ?? []) expect(hour).toBeCloseTo(3)
  })

  it('is never negative', () => {
    const orders = simulateOrders({ seed: 21, weeks: 6, mean: 1 })
    for (const hour of forecast([...orders, 0, 0, 0, 0, 0, 0], 168)?.hours ?? []) expect(hour).toBeGreaterThanOrEqual(0)
  })
})

describe('an hour', () => {
  it('is an anomaly where it is far from the expected, beyond chance', () => {
    expect(anomalyOf(0, 20, 1)).toBe('low')
    expect(anomalyOf(40, 20, 1)).toBe('high')
    expect(anomalyOf(15, 20, 1)).toBeNull()
    expect(anomalyOf(5, 20, 1.5)).toBeNull()
    expect(anomalyOf(0, 2, 1)).toBeNull()
  })

  it('of a store as it always was is one in fewer than 2 % of all hours', () => {
    const orders = simulateOrders({ seed: 31, weeks: 8, mean: 8 })
    let flagged = 0
    for (let at = 6 * WEEK; at < orders.length; at += 1) {
      const next = forecast(orders.slice(0, at), 1)
      if (next !== null && anomalyOf(orders[at] ?? 0, next.hours[0] ?? 0, next.spread) !== null) flagged += 1
    }
    expect(flagged / (2 * WEEK)).toBeLessThan(0.02)
  })

  it('in which a busy store stands still, or gets three times what is usual, is flagged in at least nine of ten', () => {
    const orders = simulateOrders({ seed: 32, weeks: 8, mean: 25 })
    const found = { low: 0, high: 0, hours: 0 }
    for (let at = 6 * WEEK; at < orders.length; at += 5) {
      const next = forecast(orders.slice(0, at), 1)
      const expected = next?.hours[0] ?? 0
      if (next === null || expected < 15) continue
      found.hours += 1
      if (anomalyOf(0, expected, next.spread) === 'low') found.low += 1
      if (anomalyOf(3 * (orders[at] ?? 0), expected, next.spread) === 'high') found.high += 1
    }
    expect(found.hours).toBeGreaterThan(20)
    expect(found.low / found.hours).toBeGreaterThanOrEqual(0.9)
    expect(found.high / found.hours).toBeGreaterThanOrEqual(0.9)
  })
})
