import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mapMenu } from '../../../../src/providers/map/map-menu.js'
import type { MenuMap } from '../../../../src/providers/table.js'

const MENU = JSON.parse(readFileSync(new URL('../../../fixtures/canonical/menu.json', import.meta.url), 'utf8'))

const item = {
  externalId: 'id',
  name: 'name',
  price: 'price',
  available: 'available',
  unavailableUntil: 'unavailable_until',
  groupIds: 'group_ids[]',
} as const
/** A platform that sends the whole menu, dishes and modifiers as lists of their own. */
const MAP: MenuMap = {
  storeRef: 'store_ref',
  complete: { value: true },
  money: 'minor',
  categories: { at: 'categories[]', externalId: 'id', name: 'name', itemIds: 'item_ids[]' },
  items: [
    { ...item, at: 'items[]', price: 'price.amount', currency: 'price.currency' },
    { ...item, at: 'modifiers[]', price: 'price.amount', currency: 'price.currency' },
  ],
  groups: { at: 'groups[]', externalId: 'id', name: 'name', min: 'min', max: 'max', itemIds: 'item_ids[]' },
  errors: 'errors[]',
}

describe('a whole menu', () => {
  it('has its categories, dishes, groups and what the groups offer', () => {
    expect(mapMenu(MAP, MENU)).toEqual({
      storeRef: '702114',
      status: null,
      complete: true,
      categories: [{ externalId: 'wraps', name: { en: 'Wraps', ar: 'لفائف' }, itemIds: ['POS-WRAP-01'] }],
      items: [
        {
          externalId: 'POS-WRAP-01',
          name: { en: 'Chicken Wrap' },
          price: { amount: 2500, currency: 'KWD' },
          available: true,
          unavailableUntil: null,
          categoryIds: [],
          groupIds: ['extras'],
        },
        {
          externalId: 'POS-CHEESE',
          name: { en: 'Cheese' },
          price: { amount: 500, currency: 'KWD' },
          available: true,
          unavailableUntil: null,
          categoryIds: [],
          groupIds: [],
        },
      ],
      groups: [{ externalId: 'extras', name: { en: 'Extras' }, min: 0, max: 3, itemIds: ['POS-CHEESE'] }],
      errors: [],
    })
  })

  it('leaves out what has no id, and names in no language', () => {
    const broken = {
      items: [{ name: 'nameless' }, { id: 7, name: { 'not a language!': 'x' } }, 'text', null],
      groups: [{ min: -1 }, { id: 'g', min: -1, max: 'two', item_ids: [1, null, {}] }],
      categories: {},
    }
    expect(mapMenu(MAP, broken)).toMatchObject({
      items: [{ externalId: '7', name: null, price: null }],
      groups: [{ externalId: 'g', min: null, max: null, itemIds: ['1'] }],
      categories: [],
    })
  })

  it('has text of no told language under und', () => {
    expect(mapMenu(MAP, { items: [{ id: 'a', name: 'Falafel' }] }).items[0]?.name).toEqual({ und: 'Falafel' })
  })
})
