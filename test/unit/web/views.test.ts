import { describe, expect, it } from 'vitest'
import { ApiFault } from '../../../web/src/api/request.js'
import { forecastPoints } from '../../../web/src/views/analytics/forecast-points.js'
import { faultAt } from '../../../web/src/views/connections/fault-at.js'
import { readRegistration } from '../../../web/src/views/connections/read-registration.js'
import { itemName } from '../../../web/src/views/menus/item-name.js'
import { sections } from '../../../web/src/views/menus/sections.js'

const NOON = '2026-03-13T12:00:00.000Z'
const hourBefore = (hours: number): string => new Date(Date.parse(NOON) - hours * 3_600_000).toISOString()

describe("the forecast's chart", () => {
  const point = { cancelled: 0, rejected: 0, revenue: [] }
  const points = forecastPoints(
    {
      hours: [{ at: NOON, expected: 8, low: -1, high: 11 }],
      anomalies: [{ at: hourBefore(2), actual: 1, expected: 9, kind: 'low' }],
    },
    [
      { at: hourBefore(2), orders: 1, ...point },
      { at: hourBefore(1), orders: 7, ...point },
    ],
  )

  it('is the day before hour by hour, with nothing where nothing was placed, then what is expected', () => {
    expect(points).toHaveLength(25)
    expect(points.slice(-4).map(({ actual, expected }) => [actual, expected])).toEqual([
      [0, null],
      [1, null],
      [7, null],
      [null, 8],
    ])
  })

  it('marks the hours that were not as expected, and expects no fewer than no orders', () => {
    expect(points.flatMap(({ at, anomaly }) => (anomaly === null ? [] : [[at, anomaly]]))).toEqual([
      [Date.parse(hourBefore(2)), 1],
    ])
    expect(points.at(-1)).toMatchObject({ low: 0, high: 11 })
  })
})

describe('the form of a new connection', () => {
  const form = (fields: Record<string, string>): FormData => {
    const data = new FormData()
    for (const [name, value] of Object.entries({ platform: 'UBER_EATS LIVE', events: '*', ...fields }))
      data.append(name, value)
    return data
  }

  it('gives no access to the platform unless there is one', () => {
    const input = readRegistration(form({ clientId: ' harbour-grill ', url: 'https://pos.example' }))
    expect(input).toEqual({
      clientId: 'harbour-grill',
      provider: 'UBER_EATS',
      profile: 'LIVE',
      url: 'https://pos.example',
      events: ['*'],
    })
  })

  it("keeps a secret of the platform's own API that came without its id, so that the server says what is missing", () => {
    expect(readRegistration(form({ platformClientSecret: 's' })).platformApi).toEqual({
      clientId: '',
      clientSecret: 's',
    })
  })

  it("gives the platform's own API with the secret where one is stated", () => {
    expect(readRegistration(form({ platformClientId: 'app-1' })).platformApi).toEqual({ clientId: 'app-1' })
    expect(readRegistration(form({ platformClientId: 'app-1', platformClientSecret: 's' })).platformApi).toEqual({
      clientId: 'app-1',
      clientSecret: 's',
    })
  })
})

it('what the server says of a field stands at that field alone, also where a field of a part has the same name', () => {
  const fault = new ApiFault('BAD_USER_INPUT', '', [
    { path: 'platformApi.clientId', message: 'must not be empty' },
    { path: 'retryPolicy.retryDelays.2', message: 'must be positive' },
  ])
  expect(faultAt(fault, 'platformApi.clientId')).toBe('must not be empty')
  expect(faultAt(fault, 'clientId')).toBeUndefined()
  expect(faultAt(fault, 'retryPolicy.retryDelays')).toBe('must be positive')
})

it("an item is named in the page's language, else in any, else by its id", () => {
  const named = { externalId: 'sku-1', name: { en: 'Hummus', ar: 'حمص' } }
  expect(itemName(named, 'ar')).toBe('حمص')
  expect(itemName({ externalId: 'sku-1', name: { und: 'Hummus' } }, 'ar')).toBe('Hummus')
  expect(itemName({ externalId: 'sku-1', name: null }, 'en')).toBe('sku-1')
})

it("a menu's items are under their first known category, and those of none come last", () => {
  const [mains, drinks] = [{ externalId: 'mains' }, { externalId: 'drinks' }]
  const [plate, mint, chair] = [
    { id: 'plate', categoryIds: ['gone', 'mains', 'drinks'] },
    { id: 'mint', categoryIds: ['drinks'] },
    { id: 'chair', categoryIds: [] },
  ]
  expect(sections({ categories: [mains, drinks, { externalId: 'empty' }], items: [chair, mint, plate] })).toEqual([
    { category: mains, items: [plate] },
    { category: drinks, items: [mint] },
    { category: undefined, items: [chair] },
  ])
})
