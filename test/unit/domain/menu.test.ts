import { describe, expect, it } from 'vitest'
import { applyMenuEvent, type Menu, type MenuItem, type MenuUpdate } from '../../../src/domain/menu.js'

function item(externalId: string, changes: Partial<MenuItem> = {}): MenuItem {
  return {
    externalId,
    name: { und: externalId },
    price: { amount: 1_000, currency: 'AED' },
    available: true,
    unavailableUntil: null,
    categoryIds: [],
    groupIds: [],
    ...changes,
  }
}

function event(second: number, update: Partial<MenuUpdate>) {
  return {
    id: `evt_${second}`,
    provider: 'careem',
    clientId: 'c',
    occurredAt: new Date(Date.UTC(2026, 2, 14, 17, 0, second)).toISOString(),
    update: {
      storeRef: 's1',
      status: null,
      complete: false,
      categories: [],
      items: [],
      groups: [],
      errors: [],
      ...update,
    },
  }
}

function fold(...events: readonly ReturnType<typeof event>[]): Menu {
  const menu = events.reduce<Menu | null>((known, each) => applyMenuEvent(known, each), null)
  if (menu === null) throw new Error('no events')
  return menu
}

const untold = { name: null, price: null, available: null }
const whole = event(1, { complete: true, items: [item('falafel'), item('hummus')] })

describe('a menu', () => {
  it('names what each update added, removed, repriced and switched', () => {
    const menu = fold(
      whole,
      event(2, { items: [item('falafel', { ...untold, price: { amount: 1_250, currency: 'AED' } })] }),
      event(3, { items: [item('hummus', { ...untold, available: false })] }),
      event(4, { complete: true, items: [item('falafel'), item('kunafa')] }),
    )
    expect(menu.version).toBe(4)
    expect(menu.versions.map(({ diff }) => diff)).toEqual([
      { added: ['falafel', 'hummus'], removed: [], price: [], availability: [] },
      {
        added: [],
        removed: [],
        price: [{ externalId: 'falafel', from: item('').price, to: { amount: 1_250, currency: 'AED' } }],
        availability: [],
      },
      { added: [], removed: [], price: [], availability: [{ externalId: 'hummus', available: false }] },
      {
        added: ['kunafa'],
        removed: ['hummus'],
        price: [{ externalId: 'falafel', from: { amount: 1_250, currency: 'AED' }, to: item('').price }],
        availability: [],
      },
    ])
    expect(menu.items.map(({ externalId }) => externalId)).toEqual(['falafel', 'kunafa'])
  })

  it('keeps what an update does not tell', () => {
    const { items } = fold(whole, event(2, { items: [item('falafel', { ...untold, available: false })] }))
    expect(items[0]).toEqual(item('falafel', { available: false }))
  })

  it('is the same after an event comes again', () => {
    const menu = fold(whole, event(2, { items: [item('kunafa')] }))
    expect(applyMenuEvent(menu, whole)).toBe(menu)
  })

  it('keeps and names an update that comes after a newer one, and changes nothing by it', () => {
    const menu = fold(whole, event(5, { items: [item('kunafa')] }), event(3, { complete: true, items: [] }))
    expect(menu).toMatchObject({ version: 2, versions: [{}, {}, { eventId: 'evt_3', outcome: 'late', version: 2 }] })
    expect(menu.items).toHaveLength(3)
  })

  it('keeps its categories and groups until an update tells others', () => {
    const groups = [{ externalId: 'extras', name: null, min: 0, max: 2, itemIds: ['tahini'] }]
    const categories = [{ externalId: 'wraps', name: { en: 'Wraps' }, itemIds: ['falafel'] }]
    const told = event(2, { groups, categories })
    expect(fold(whole, told, event(3, { items: [item('kunafa')] }))).toMatchObject({ groups, categories })
    expect(fold(whole, told, event(4, { complete: true, items: [item('falafel')] }))).toMatchObject({
      groups: [],
      categories: [],
    })
  })

  it('tells how an import went without touching the items', () => {
    const menu = fold(whole, event(2, { status: 'failed', errors: ['no price for 42'] }))
    expect(menu.versions.at(-1)).toMatchObject({ status: 'failed', errors: ['no price for 42'] })
    expect(menu.items).toHaveLength(2)
  })

  it('remembers a bounded number of updates', () => {
    const menu = fold(...Array.from({ length: 60 }, (_, second) => event(second, { items: [item(`i${second}`)] })))
    expect(menu.versions).toHaveLength(50)
    expect(menu).toMatchObject({ version: 60 })
    expect(menu.items).toHaveLength(60)
  })
})
