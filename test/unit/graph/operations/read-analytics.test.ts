import { describe, expect, it } from 'vitest'
import { bucketOf } from '../../../../src/domain/histogram.js'
import { readAnalytics, readForecast } from '../../../../src/graph/operations/read-analytics.js'
import type { AnalyticsReader, StoreHour } from '../../../../src/graph/ports.js'
import { simulateOrders } from '../../../support/simulated-orders.js'

const NOW = new Date('2026-03-14T12:20:00.000Z')
const HOUR_MS = 3_600_000

function anHour(hoursAgo: number, part: Partial<StoreHour> = {}): StoreHour {
  const at = new Date(Date.parse('2026-03-14T12:00:00.000Z') - hoursAgo * HOUR_MS).toISOString()
  const none = { orders: 0, accepted: 0, rejected: 0, cancelled: 0, failed: 0 }
  return { at, provider: 'careem', storeRef: 's1', ...none, acceptTimes: new Map(), revenue: [], ...part }
}

function ports(hours: readonly StoreHour[]) {
  const asked: Parameters<AnalyticsReader['readOrders']>[0][] = []
  const readOrders: AnalyticsReader['readOrders'] = async (range) => {
    asked.push(range)
    return hours
  }
  return { asked, analytics: { readOrders }, now: () => NOW }
}

const viewer = { role: 'viewer' } as const

describe('analytics', () => {
  const hours = [
    anHour(1, {
      orders: 4,
      accepted: 3,
      cancelled: 1,
      acceptTimes: new Map([[bucketOf(20_000), 3]]),
      revenue: [{ currency: 'KWD', amount: 9_000 }],
    }),
    anHour(2, { orders: 1, accepted: 1, acceptTimes: new Map([[bucketOf(60_000), 1]]) }),
    anHour(2, { provider: 'jahez', storeRef: null, orders: 5, revenue: [{ currency: 'SAR', amount: 700 }] }),
  ]

  it('are rates, times and revenue, altogether, by store, by platform and by hour', async () => {
    const read = await readAnalytics(viewer, { period: 'day' }, ports(hours))
    expect(read).toMatchObject({
      orders: 10,
      acceptanceRate: 0.4,
      cancelRate: 0.1,
      revenue: [
        { currency: 'KWD', amount: 9_000 },
        { currency: 'SAR', amount: 700 },
      ],
      stores: [
        { provider: 'careem', storeRef: 's1', orders: 5, acceptanceRate: 0.8 },
        { provider: 'jahez', storeRef: null, orders: 5, acceptanceRate: 0, timeToAcceptP50: null },
      ],
      platforms: [
        { provider: 'careem', orders: 5 },
        { provider: 'jahez', orders: 5 },
      ],
    })
    expect(Math.abs((read.timeToAcceptP50 ?? 0) - 20_000)).toBeLessThanOrEqual(400)
    expect(Math.abs((read.timeToAcceptP95 ?? 0) - 60_000)).toBeLessThanOrEqual(1_200)
    expect(read.series.map(({ orders }) => orders)).toEqual([6, 4])
  })

  it('have no rates where nothing came', async () => {
    const read = await readAnalytics(viewer, { period: 'hour' }, ports([]))
    expect(read).toMatchObject({ orders: 0, acceptanceRate: null, cancelRate: null, revenue: [] })
  })

  it('are of the own client only, for a token of one', async () => {
    const own = ports(hours)
    await readAnalytics({ role: 'viewer', client: 'mine' }, { period: 'day' }, own)
    expect(own.asked[0]?.clientId).toBe('mine')
    const others = readAnalytics({ role: 'viewer', client: 'mine' }, { clientId: 'other', period: 'day' }, own)
    await expect(others).rejects.toThrow('No such client')
  })
})

describe('the forecast of a store', () => {
  const orders = simulateOrders({ seed: 5, weeks: 8, mean: 10 })
  const history = (change: (count: number, hoursAgo: number) => number = (count) => count) =>
    orders.map((count, index) => anHour(orders.length - index, { orders: change(count, orders.length - index) }))

  it('begins with the hour that has begun', async () => {
    const { hours } = await readForecast(viewer, { hours: 3 }, ports(history()))
    expect(hours.map(({ at }) => at.slice(11, 16))).toEqual(['12:00', '13:00', '14:00'])
    for (const { low, expected, high } of hours) {
      expect(low).toBeLessThanOrEqual(expected)
      expect(high).toBeGreaterThan(expected)
    }
  })

  it('flags the hour in which a busy store suddenly gets ten times its orders', async () => {
    const { anomalies } = await readForecast(
      viewer,
      { hours: 1 },
      ports(history((count, ago) => (ago === 3 ? 200 : count))),
    )
    expect(anomalies).toContainEqual(expect.objectContaining({ at: anHour(3).at, actual: 200, kind: 'high' }))
  })

  it('is empty while fewer than two weeks are known', async () => {
    expect(await readForecast(viewer, { hours: 6 }, ports(history().slice(-300)))).toEqual({ hours: [], anomalies: [] })
    expect(await readForecast(viewer, { hours: 6 }, ports([]))).toEqual({ hours: [], anomalies: [] })
  })

  it.each([0, 49, 1.5])('of %s hours is refused', async (hours) => {
    await expect(readForecast(viewer, { hours }, ports([]))).rejects.toThrow('1 to 48')
  })
})
