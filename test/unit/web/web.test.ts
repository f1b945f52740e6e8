import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DASHBOARD_PATHS } from '../../../src/graph/dashboard.js'
import { GENERATED, generateTypes } from '../../../web/codegen.js'
import { readClaims } from '../../../web/src/api/session.js'
import { VIEWS } from '../../../web/src/app/views.js'
import { ofMinute, ofReading } from '../../../web/src/live/earlier.js'
import { attemptsOf, createRates, percentile, sortedTimes, sum } from '../../../web/src/live/rates.js'
import { fits, foldRow, type LiveEvent, type LiveRow, NO_FILTER } from '../../../web/src/live/rows.js'
import { ar } from '../../../web/src/text/ar.js'
import { en } from '../../../web/src/text/en.js'
import { createText } from '../../../web/src/text/text.js'
import { readNumbers } from '../../../web/src/views/connections/read-settings.js'
import { readOrder } from '../../../web/src/views/event/read-order.js'
import { judge } from '../../../web/src/views/live/judge.js'
import { filterOf } from '../../../web/src/views/logs/log-filter.js'
import { liveEvent } from './live-event.js'

const NOW = Date.parse('2026-03-13T20:00:00.000Z')

it('the types of the API are those of schema.graphql (npm run schema writes them)', async () => {
  expect(readFileSync(GENERATED, 'utf8')).toBe(await generateTypes())
})

it('the server answers the path of every view', () => {
  expect(VIEWS.map(({ path }) => path)).toEqual([...DASHBOARD_PATHS])
})

it('the dashboard imports nothing of the server', () => {
  const files = readdirSync('web/src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  const outside = files.filter((file) => /from '(\.\.\/)+src\//.test(readFileSync(join('web/src', file), 'utf8')))
  expect(files.length).toBeGreaterThan(20)
  expect(outside).toEqual([])
})

describe('the sentences', () => {
  const placeholders = (sentence: unknown) =>
    [...JSON.stringify(sentence).matchAll(/\{(\w+)\}/g)].map(([, name]) => name)

  it.each(Object.keys(en) as (keyof typeof en)[])('%s fills in nothing in Arabic that English does not', (key) => {
    const known = new Set([...placeholders(en[key]), 'count'])
    expect(placeholders(ar[key]).filter((name) => !known.has(name))).toEqual([])
    expect(JSON.stringify(ar[key]).length).toBeGreaterThan(2)
  })

  it('choose the plural form of the language, and write amounts in minor units of their currency', () => {
    const [english, arabic] = [createText('en'), createText('ar')]
    expect(english.t('live.count', { count: 1 })).toBe('1 event')
    expect(english.t('live.count', { count: 1_200 })).toBe('1,200 events')
    expect(arabic.t('live.count', { count: 2 })).toBe('حدثان')
    expect(arabic.t('live.count', { count: 5 })).toBe('5 أحداث')
    expect(english.money({ amount: 7_250, currency: 'KWD' })).toContain('7.250')
    expect(english.span(125_000)).toBe('2m 5s')
  })
})

describe('a live row', () => {
  const fact = liveEvent
  const attempt = (webhookId: string, stage: LiveEvent['stage'], n = 1) =>
    fact({ kind: 'ATTEMPTED', webhookId, stage, attempt: n, statusCode: 500 })

  it('goes with its event from taken to delivered', () => {
    const row = [fact({}), attempt('w1', 'RETRYING'), attempt('w1', 'DELIVERED', 2)].reduce<LiveRow | undefined>(
      foldRow,
      undefined,
    )
    expect(row).toMatchObject({ stage: 'DELIVERED', attempt: 2 })
  })

  it('shows the worst of several registrations, in whatever order facts come', () => {
    const facts = [fact({}), attempt('w1', 'DELIVERED'), attempt('w2', 'DEAD')]
    for (const order of [facts, facts.toReversed()])
      expect(order.reduce<LiveRow | undefined>(foldRow, undefined)?.stage).toBe('DEAD')
  })

  it('fits a filter by platform, stage and any of its words', () => {
    const row = foldRow(undefined, fact({ kind: 'REJECTED', stage: 'REJECTED', error: 'invalid_signature: no' }))
    expect(fits(row, NO_FILTER)).toBe(true)
    expect(fits(row, { ...NO_FILTER, text: 'Signature' })).toBe(true)
    expect(fits(row, { ...NO_FILTER, text: 'talabat' })).toBe(false)
    expect(fits(row, { ...NO_FILTER, stage: 'DELIVERED' })).toBe(false)
    expect(fits(row, { ...NO_FILTER, provider: 'JAHEZ' })).toBe(false)
  })
})

describe('the rates of five minutes', () => {
  it('count by second, forget what is older, and know nothing of before they began', () => {
    const rates = createRates(NOW - 60_000)
    for (let second = 400; second >= 0; second -= 1) rates.count(NOW - second * 1_000, 'accepted')
    rates.count(NOW, 'delivered', 120)
    const window = rates.window(NOW)
    expect(window).toHaveLength(300)
    expect(sum(window)).toMatchObject({ accepted: 300, delivered: 1 })
    expect(sortedTimes(window)).toEqual([120])
    expect(window.at(0)?.isKnown).toBe(false)
    expect(window.at(-1)?.isKnown).toBe(true)
  })

  const minuteAt = (atMs: number) =>
    ofMinute({ at: new Date(atMs).toISOString(), total: 120, successful: 90, failed: 30, p50: 40, p95: 400, p99: null })

  it('begin with what the statistics know of the minutes before, and count what is live beside it', () => {
    const rates = createRates(NOW - 30_000)
    rates.fill(minuteAt(NOW - 120_000))
    rates.fill(minuteAt(NOW - 60_000))
    rates.count(NOW, 'accepted')
    const window = rates.window(NOW)
    const total = sum(window)
    expect([total.accepted, total.delivered, total.failed].map(Math.round)).toEqual([241, 180, 60])
    expect(window.filter(({ accepted }) => accepted > 0)).toHaveLength(91)
    expect(percentile(sortedTimes(window), 0.5)).toBe(40)
    expect(percentile(sortedTimes(window), 0.95)).toBe(400)
    expect(window.at(0)?.isKnown).toBe(false)
  })

  it('begin with readings of every ten seconds where there are any, and with the statistics where there are none', () => {
    const rates = createRates(NOW - 30_000)
    const reading = { deliveriesPerSecond: 20, deliveryErrorRate: 0.25, p50DeliveryTime: 10, p95DeliveryTime: 90 }
    rates.fill(ofReading({ at: new Date(NOW - 60_000).toISOString(), currentRPS: 10, errorRate: 0.1, ...reading }))
    rates.fill(minuteAt(NOW - 120_000))
    const window = rates.window(NOW)
    const ten = window.filter(({ at }) => at * 1_000 >= NOW - 70_000 && at * 1_000 < NOW - 60_000)
    const total = sum(ten)
    expect([total.accepted, total.rejected, total.delivered, total.failed].map(Math.round)).toEqual([90, 10, 150, 50])
    expect(percentile(sortedTimes(ten), 0.5)).toBe(10)
    expect(percentile(sortedTimes(ten), 0.95)).toBe(90)
    expect(window.find(({ at }) => at * 1_000 === NOW - 71_000)?.accepted).toBe(2)
    expect(window.find(({ at }) => at * 1_000 === NOW - 60_000)?.isKnown).toBe(false)
  })

  it('have the percentiles of what was measured, and none of nothing', () => {
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10)
    expect(percentile([], 0.95)).toBeNull()
  })
})

describe('the verdict', () => {
  const up = { database: 'up', nats: 'up' }
  const seconds = (counts: Partial<Record<'accepted' | 'delivered' | 'retrying' | 'dead', number>>) => {
    const rates = createRates(0)
    for (const [outcome, count] of Object.entries(counts))
      for (let n = 0; n < count; n += 1) rates.count(NOW, outcome as 'accepted')
    return rates.window(NOW)
  }
  const known = { health: up, overdue: 0, dead: 0, seconds: seconds({}), rows: [] } as const

  it.each([
    ['nothing came', {}, 'verdict.quiet'],
    ['all is well', { seconds: seconds({ accepted: 9, delivered: 9 }) }, 'verdict.flowing'],
    ['a few were given up', { dead: 3, seconds: seconds({ accepted: 9, delivered: 9, dead: 1 }) }, 'verdict.dead'],
    [
      'all that was given up was sent again',
      { seconds: seconds({ accepted: 9, delivered: 9, dead: 1 }) },
      'verdict.flowing',
    ],
    ['what stands as given up is old', { dead: 3, seconds: seconds({ accepted: 9, delivered: 9 }) }, 'verdict.flowing'],
    ['a quarter fails', { seconds: seconds({ delivered: 6, retrying: 2, dead: 1 }) }, 'verdict.failing'],
    ['retries are overdue', { overdue: 2 }, 'verdict.overdue'],
    ['the database is away', { health: { ...up, database: 'down' } }, 'verdict.database'],
    ['the broker is away', { health: { ...up, nats: 'down' }, overdue: 2 }, 'verdict.nats'],
    ['the server does not answer', { health: 'unreachable' as const }, 'verdict.unreachable'],
  ])('when %s', (_, change, title) => {
    expect(judge({ ...known, ...change }).title).toBe(title)
  })

  it('counts as the tiles beside it do: what stands as given up, and the share of attempts of the same five minutes', () => {
    const given = { accepted: 9, delivered: 9, dead: 1 }
    expect(judge({ ...known, dead: 3, seconds: seconds(given) })).toMatchObject({ count: 3 })
    const flowing = judge({ ...known, seconds: seconds(given) })
    expect(flowing.share).toBe(attemptsOf(sum(seconds(given))).deliveredShare)
    const untried = judge({ ...known, seconds: seconds({ accepted: 9 }) })
    expect(untried.detail).toBe('verdict.flowingUntried')
  })
})

describe('what is read', () => {
  it('of a token: the role and the client, the least where it says nothing', () => {
    const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`
    expect(readClaims(token({ role: 'operator', client: 'مطعم' }))).toEqual({ role: 'operator', client: 'مطعم' })
    expect(readClaims(token({ role: 'emperor' }))).toEqual({ role: 'viewer' })
    expect(readClaims('nonsense')).toEqual({ role: 'viewer' })
  })

  it('of an address: a search of logs', () => {
    const search = new URLSearchParams('status=FAILED&client=%20harbour-grill&from=nonsense&search=evt_1')
    expect(filterOf(search)).toEqual({ search: 'evt_1', status: 'FAILED', clientId: 'harbour-grill' })
    expect(filterOf(new URLSearchParams('status=BROKEN'))).toEqual({})
  })

  it('of numbers between commas, whatever the comma', () => {
    expect(readNumbers('1000, 5000،10000')).toEqual([1_000, 5_000, 10_000])
    expect(readNumbers('1000, soon')).toBeUndefined()
    expect(readNumbers('')).toBeUndefined()
  })

  it('of a canonical event: its order, or nothing', () => {
    const order = {
      externalId: 'c-1',
      lines: [{ quantity: 2, name: 'Manakish' }],
      totals: { grandTotal: { amount: 5_200, currency: 'AED' } },
    }
    expect(readOrder({ data: { order } })).toMatchObject({
      externalId: 'c-1',
      lines: [{ n: 1, quantity: 2, name: 'Manakish', total: null }],
      grandTotal: { amount: 5_200, currency: 'AED' },
    })
    expect(readOrder({ data: {} })).toBeUndefined()
    expect(readOrder(null)).toBeUndefined()
  })
})
