import { describe, expect, it } from 'vitest'
import { toDeadLetterFilter } from '../../../src/store/dead-letters.js'
import { INDEXES } from '../../../src/store/indexes.js'
import { afterIn } from '../../../src/store/list-page.js'
import { toFilter } from '../../../src/store/logs.js'
import { toOrderFilter } from '../../../src/store/orders.js'

// Every list is read through an index that begins with something the filter pins and goes on newest first, so that no
// shape of filter scans a collection. The local stand-in ignores indexes: the table itself is what is tested.

const AT = '2026-03-14T17:05:12.000Z'

/** The pinned fields of each alternative of a filter. */
function alternatives(filter: object): string[][] {
  const { $or, ...rest } = filter as { $or?: object[] }
  const pinned = Object.keys(rest)
  return $or === undefined ? [pinned] : $or.map((each) => [...pinned, ...Object.keys(each)])
}

/** Whether an index starts with pinned fields only, at least one where anything is pinned, and then runs by time. */
function isServed(collection: string, pinned: readonly string[], time: string): boolean {
  if (pinned.includes('_id')) return true
  const equal = pinned.filter((name) => name !== time)
  return INDEXES.filter((index) => index.collection === collection).some(({ key, where = {} }) => {
    const keys = Object.keys(key)
    const before = keys.slice(0, keys.indexOf(time))
    const conditions = Object.keys(where)
    if (conditions.length > 0) return conditions.every((name) => pinned.includes(name)) && `${before}` === ''
    return (
      keys.includes(time) &&
      keys.at(-1) === '_id' &&
      before.every((name) => equal.includes(name)) &&
      (equal.length === 0 ? before.length === 0 : before.length > 0)
    )
  })
}

/** Every subset of a filter's fields. */
function shapes<T extends object>(all: T): Partial<T>[] {
  const found: Partial<T>[] = [{}]
  for (const [name, value] of Object.entries(all)) found.push(...found.map((shape) => ({ ...shape, [name]: value })))
  return found
}

const LOG_FILTERS = shapes({
  provider: 'careem',
  clientId: 'c1',
  status: 'failed',
  stage: 'dead',
  event: 'order.created',
  type: 'order.created',
  orderId: 'ord_1',
  search: 'x',
  startDate: AT,
} as const)
const ORDER_FILTERS = shapes({
  provider: 'careem',
  clientId: 'c1',
  status: 'pending',
  storeRef: 's1',
  search: 'x',
  placedAfter: AT,
} as const)

const DEAD_LETTER_FILTERS = shapes({ provider: 'careem', clientId: 'c1', webhookId: 'w', startDate: AT } as const)

describe('the index budget', () => {
  it.each([
    ['logs', LOG_FILTERS.map(toFilter), 'timestamp'],
    ['orders', ORDER_FILTERS.map(toOrderFilter), 'placedAt'],
    ['logs', DEAD_LETTER_FILTERS.map(toDeadLetterFilter), 'timestamp'],
    ['audit', shapes({ clientId: 'c1', action: 'replay', targetId: 'x' }), 'at'],
    ['replays', shapes({ clientId: 'c1' }), 'createdAt'],
  ] as const)('every shape of a filter on %s has its index', (collection, filters, time) => {
    expect(filters.length).toBeGreaterThan(1)
    const unserved = filters
      .flatMap((filter) => alternatives(filter))
      .filter((pinned) => !isServed(collection, pinned, time))
    expect(unserved).toEqual([])
  })

  it('a client alone is read through an index of its own, whatever else is asked', () => {
    for (const [collection, time] of [
      ['logs', 'timestamp'],
      ['orders', 'placedAt'],
      ['audit', 'at'],
      ['replays', 'createdAt'],
    ] as const)
      expect(
        INDEXES.some(
          ({ collection: of, key }) => of === collection && `${Object.keys(key)}` === `clientId,${time},_id`,
        ),
      ).toBe(true)
  })

  it('dead letters are read through an index of their own, not out of a range that must be sorted', () => {
    for (const { clientId, ...filter } of [{}, { clientId: 'c1' }].map(toDeadLetterFilter)) {
      const key = `${[...(clientId === undefined ? [] : ['clientId']), 'timestamp', '_id', 'deadDeliveries']}`
      expect(INDEXES).toContainEqual(
        expect.objectContaining({ where: filter, key: expect.toSatisfy((each) => `${Object.keys(each)}` === key) }),
      )
    }
  })

  it('a page starts at its cursor: the time bound is apart from the alternatives', () => {
    const time = new Date(AT)
    expect(afterIn('timestamp', { at: AT, id: 'evt_1' })).toEqual({
      timestamp: { $lte: time },
      $or: [{ timestamp: { $lt: time } }, { timestamp: time, _id: { $lt: 'evt_1' } }],
    })
  })

  it('no two indexes of a collection are the same or have the same name', () => {
    const keys = INDEXES.map(({ collection, key }) => `${collection} ${JSON.stringify(key)}`)
    const names = INDEXES.map(({ collection, name }) => `${collection} ${name}`)
    expect([new Set(keys).size, new Set(names).size]).toEqual([INDEXES.length, INDEXES.length])
  })
})
