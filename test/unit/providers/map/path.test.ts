import { describe, expect, it } from 'vitest'
import { valueAt, valuesAt } from '../../../../src/providers/map/path.js'

const ORDER = {
  id: 7,
  fees: [
    { type: 'TIP', price: 1 },
    { type: 'DELIVERY_FEE', price: 2 },
    { type: 'TIP', price: 3 },
  ],
}

describe('a path', () => {
  it.each([
    ['id', [7]],
    ['fees[].price', [1, 2, 3]],
    ['fees[-1].price', [3]],
    ['fees[5].price', []],
    ['fees[type=TIP].price', [1, 3]],
    ['fees[type=BAG].price', []],
    ['id[type=TIP]', []],
    ['missing.at.all', []],
  ])('%s finds %j', (path, found) => {
    expect(valuesAt(ORDER, path)).toEqual(found)
    expect(valueAt(ORDER, path)).toEqual(found[0])
  })
})
