import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ORDER_STATUSES, type OrderStatus } from '../../../src/domain/order.js'
import { appendToOrderLog, type OrderLog, type OrderLogEntry, stepOf } from '../../../src/domain/order-log.js'

const RANK: Readonly<Record<OrderStatus, number>> = {
  pending: 0,
  accepted: 10,
  preparing: 20,
  ready: 30,
  picked_up: 40,
  delivered: 50,
  rejected: 60,
  cancelled: 60,
  failed: 60,
}

function entry(eventId: string, second: number, to: OrderStatus | null, hasOrder = false): OrderLogEntry {
  const occurredAt = new Date(Date.UTC(2026, 2, 14, 17, 0, second)).toISOString()
  return { eventId, dedupeKey: eventId, occurredAt, to, hasOrder, webhookIds: [] }
}

const created = entry('created', 0, null, true)

function logOf(entries: readonly OrderLogEntry[]): OrderLog {
  const log = entries.reduce<OrderLog | null>((known, each) => appendToOrderLog(known, each, 'o1'), null)
  if (log === null) throw new Error('no entries')
  return log
}

/** A history a platform may report: forwards only, steps skipped, ended or not. */
const legalHistory: fc.Arbitrary<readonly OrderLogEntry[]> = fc
  .tuple(
    fc.subarray<OrderStatus>(['accepted', 'preparing', 'ready', 'picked_up', 'delivered']),
    fc.constantFrom<OrderStatus | null>(null, 'cancelled', 'failed', 'rejected'),
  )
  .map(([forward, end]) => {
    // Only a pending order is rejected, and nothing follows a delivery.
    const path = end === 'rejected' ? [] : forward
    const ended = end === null || path.at(-1) === 'delivered' ? path : [...path, end]
    return [created, ...ended.map((to, index) => entry(`e${index}`, index + 1, to))]
  })

/** Every history with its events in any order, some of them twice. */
const shuffledHistory = legalHistory.chain((history) =>
  fc.tuple(
    fc.constant(history),
    fc
      .shuffledSubarray([...history, ...history], { minLength: history.length })
      .map((events) => [...events, ...history.filter((each) => !events.includes(each))]),
  ),
)

describe('an order folded from what dispatch saw of it', () => {
  it('ends the same for any arrival order and any repetition of a legal history', () => {
    fc.assert(
      fc.property(shuffledHistory, ([history, arrived]) => {
        const expected = history.at(-1)?.to ?? 'pending'
        const log = logOf(arrived)
        const last = log.entries.at(-1)
        expect(stepOf(log, last?.eventId ?? '')).toMatchObject({ status: expected, revision: history.length })
      }),
      { numRuns: 2_000 },
    )
  })

  it('never tells a client of a status that goes back as revisions grow', () => {
    fc.assert(
      fc.property(shuffledHistory, ([, arrived]) => {
        const log = logOf(arrived)
        const steps = log.entries.map(({ eventId }) => stepOf(log, eventId))
        const ranks = steps.map((step) => RANK[step?.status ?? 'pending'])
        expect(steps.map((step) => step?.revision)).toEqual(steps.map((_, index) => index + 1))
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives one event the same step however many came after it', () => {
    const any = fc.array(
      fc.record({ second: fc.integer({ min: 1, max: 9 }), to: fc.constantFrom(...ORDER_STATUSES, null) }),
      { minLength: 1, maxLength: 10 },
    )
    fc.assert(
      fc.property(any, (reported) => {
        const entries = [created, ...reported.map(({ second, to }, index) => entry(`e${index}`, second, to))]
        const whole = logOf(entries)
        for (const [index, { eventId }] of entries.entries())
          expect(stepOf(whole, eventId)).toEqual(stepOf(logOf(entries.slice(0, index + 1)), eventId))
      }),
    )
  })

  it('parks a status of an order that has not come yet, and applies it when the order comes', () => {
    const log = logOf([entry('ready', 5, 'ready'), created])
    expect(stepOf(log, 'ready')).toEqual({
      status: 'pending',
      revision: 1,
      from: 'pending',
      applied: false,
      why: 'unknown_order',
    })
    expect(stepOf(log, 'created')).toMatchObject({ status: 'ready', revision: 2 })
  })

  it.each([
    ['late', [entry('a', 5, 'ready'), entry('b', 9, 'accepted')], 'b', 'ready'],
    ['illegal', [entry('a', 5, 'accepted'), entry('b', 9, 'rejected')], 'b', 'accepted'],
    ['duplicate', [entry('a', 5, 'ready'), entry('b', 9, 'ready')], 'b', 'ready'],
  ] as const)('names a change it does not apply: %s', (why, entries, eventId, status) => {
    expect(stepOf(logOf([created, ...entries]), eventId)).toMatchObject({ applied: false, why, status })
  })

  it('takes back a status that an earlier one, told later, rules out', () => {
    const log = logOf([created, entry('accepted', 9, 'accepted'), entry('rejected', 5, 'rejected')])
    expect(stepOf(log, 'accepted')).toMatchObject({ status: 'accepted', revision: 2 })
    expect(stepOf(log, 'rejected')).toMatchObject({ applied: true, from: 'pending', status: 'rejected', revision: 3 })
  })

  it('stays bounded, and its revisions go on growing', () => {
    const log = logOf([created, ...Array.from({ length: 300 }, (_, index) => entry(`e${index}`, index, null))])
    expect(log.entries).toHaveLength(200)
    expect(stepOf(log, 'e299')).toMatchObject({ revision: 301, status: 'pending', why: null })
    expect(stepOf(log, 'created')).toBeNull()
  })
})
