import { describe, expect, it } from 'vitest'
import { checkPageSize, decodeCursor, encodeCursor } from '../../../src/graph/cursor.js'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a log cursor', () => {
  it('comes back as the place it was made of', () => {
    const place = { at: '2026-03-14T17:05:12.345Z', id: 'evt_1' }
    expect(decodeCursor('log', encodeCursor('log', place))).toEqual(place)
  })

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['another list', encode(['order', '2026-03-14T17:05:12.345Z', 'evt_1'])],
    ['no time', encode(['log', 'yesterday', 'evt_1'])],
    ['an operator in place of the id', encode(['log', '2026-03-14T17:05:12.345Z', { $gt: '' }])],
  ])('is refused when it holds %s', (_, cursor) => {
    expect(() => decodeCursor('log', cursor)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})

it.each([0, -1, 101, 1.5, Number.NaN])('a page of %s entries is refused', (size) => {
  expect(() => checkPageSize(size)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
})
