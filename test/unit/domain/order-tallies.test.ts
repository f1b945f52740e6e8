import { describe, expect, it } from 'vitest'
import type { Order } from '../../../src/domain/order.js'
import { countedOrderOf, storeKeyOf, storeOfKey, talliesOfOrder } from '../../../src/domain/order-tallies.js'

const order = {
  clientId: 'c',
  provider: 'careem',
  storeRef: 'branch.7',
  placedAt: '2026-03-14T12:00:00.000Z',
  isTest: false,
  totals: { grandTotal: { amount: 7_250, currency: 'KWD' } },
} as unknown as Order
const accepted = { to: 'accepted', occurredAt: '2026-03-14T12:00:40.000Z' } as const

describe('what counts of an order', () => {
  it('is when it was taken, and what it is worth', () => {
    expect(countedOrderOf(order, 'accepted', [accepted])).toMatchObject({
      acceptMs: 40_000,
      revenue: { amount: 7_250, currency: 'KWD' },
    })
  })

  it('has no revenue once it is lost, and stays accepted', () => {
    const cancelled = { to: 'cancelled', occurredAt: '2026-03-14T12:05:00.000Z' } as const
    expect(countedOrderOf(order, 'cancelled', [accepted, cancelled])).toMatchObject({ acceptMs: 40_000, revenue: null })
  })

  it('is nothing for a test order, and while only statuses came', () => {
    expect(countedOrderOf({ ...order, isTest: true }, 'accepted', [])).toBeNull()
    expect(countedOrderOf(null, 'pending', [accepted])).toBeNull()
  })

  it('goes to paths without a dot of the platform’s own', () => {
    const tallies = talliesOfOrder(countedOrderOf(order, 'accepted', [accepted]))
    expect(tallies.every(({ path }) => path.split('.').length <= 4 && !path.includes('branch'))).toBe(true)
    expect(new Set(tallies.map(({ bucket }) => bucket)).size).toBe(4)
    expect(storeOfKey(storeKeyOf('careem', 'branch.7'))).toEqual({ provider: 'careem', storeRef: 'branch.7' })
  })
})
