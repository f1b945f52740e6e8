import { describe, expect, it } from 'vitest'
import type { AttemptedFact } from '../../../src/domain/activity.js'
import type { Delivery } from '../../../src/domain/delivery.js'
import { createGate } from '../../../src/processors/deliver/gate.js'
import { type DeliveryTrace, judgePredecessor } from '../../../src/processors/deliver/predecessor.js'
import { createTaker, type TakePorts } from '../../../src/processors/deliver/take.js'
import { aClientOf, aDelivery, anEvent, aWebhook, DELIVERED_AT, notingPorts } from '../../support/deliveries.js'

const client = aClientOf(aWebhook())
const delivery = aDelivery(anEvent({ id: 'evt_2', type: 'order.updated' }))
const UNTRIED: DeliveryTrace = { automatic: null, byHand: null }
const traceOf = (more: Partial<AttemptedFact>): DeliveryTrace => ({ ...UNTRIED, automatic: factOf(more) })
function factOf(more: Partial<AttemptedFact>): AttemptedFact {
  return {
    v: 1,
    kind: 'attempted',
    at: DELIVERED_AT.toISOString(),
    eventId: 'evt_1',
    provider: 'careem',
    clientId: 'c',
    eventType: 'order.created',
    webhookId: 'wh_1',
    url: '',
    attempt: 1,
    trigger: 'automatic',
    response: { statusCode: 500, body: null, error: null, responseTimeMs: 1, retryAfterMs: null },
    result: 'retrying',
    nextAttemptAt: '2026-03-14T17:00:05.000Z',
    deadReason: null,
    ...more,
  }
}

function setUp(
  traces: Readonly<Record<string, DeliveryTrace>> = {},
  statusCode = 200,
  isQueued = true,
  onPost: () => void = () => undefined,
) {
  const clock = { ms: 0 }
  const calls: string[] = []
  const scheduled: { readonly delivery: Delivery; readonly at: Date }[] = []
  const ports: TakePorts = {
    gate: createGate({
      maxInFlight: 10,
      maxWaiting: 10,
      now: () => 0,
      onBreaker: () => undefined,
      onPause: () => undefined,
    }),
    monotonic: () => clock.ms,
    peers: () => 1,
    trace: async (_, eventId) => traces[eventId] ?? UNTRIED,
    isQueued: async () => isQueued,
    findClient: () => client,
    http: {
      post: async () => {
        calls.push('post')
        onPost()
        return { statusCode, body: '', error: null, responseTimeMs: 1, retryAfterMs: null }
      },
    },
    ...notingPorts((name) => calls.push(name)),
    schedule: async (put, at) => void scheduled.push({ delivery: put, at }),
  }
  return { taker: createTaker(ports), calls, scheduled, clock }
}

const taken = (more: Partial<Delivery> = {}, mayBeRepeat = false) => ({
  delivery: { ...delivery, ...more },
  mayBeRepeat,
  isReturning: false,
  isLost: () => false,
  isSuperseded: async () => true,
})

describe('a delivery taken off the queue', () => {
  it('is put off, unattempted, until the one before it in its order has been tried again', async () => {
    const { taker, calls, scheduled } = setUp({ evt_1: traceOf({}) })
    expect(await taker.take(taken({ after: 'evt_1' }))).toMatchObject({ outcome: 'held', reason: 'order' })
    expect(calls).toEqual([])
    expect(scheduled).toEqual([{ delivery: { ...delivery, after: 'evt_1' }, at: new Date('2026-03-14T17:00:05.100Z') }])
  })

  it.each([['delivered'], ['dead']] as const)('goes once the one before it is %s', async (result) => {
    const { taker } = setUp({ evt_1: traceOf({ result }) })
    expect(await taker.take(taken({ after: 'evt_1' }))).toMatchObject({ outcome: 'attempted' })
  })

  it('that came again after it was dealt with is let go', async () => {
    const { taker, calls } = setUp({ evt_2: traceOf({ eventId: 'evt_2', result: 'delivered' }) })
    expect(await taker.take(taken({}, true))).toEqual({ outcome: 'repeat' })
    expect(calls).toEqual([])
  })

  it('asked for by hand is let go when it was made, not when another that was asked for was', async () => {
    const queuedAt = '2026-03-14T16:59:00.000Z'
    const byHand = factOf({ eventId: 'evt_2', trigger: 'manual', result: 'dead', queuedAt })
    const { taker } = setUp({ evt_2: { ...UNTRIED, byHand } })
    expect(await taker.take(taken({ trigger: 'manual', queuedAt }, true))).toEqual({ outcome: 'repeat' })
    const other = taken({ trigger: 'manual', queuedAt: '2026-03-14T16:59:01.000Z' }, true)
    expect(await taker.take(other)).toMatchObject({ outcome: 'attempted' })
  })

  it('that a person had delivered meanwhile is let go', async () => {
    const byHand = factOf({ eventId: 'evt_2', trigger: 'manual', result: 'delivered' })
    const { taker, calls } = setUp({ evt_2: { ...UNTRIED, byHand } })
    expect(await taker.take(taken({}, true))).toEqual({ outcome: 'repeat' })
    expect(calls).toEqual([])
  })

  it('that came again while its next attempt is queued is let go', async () => {
    const { taker, calls } = setUp({ evt_2: traceOf({ eventId: 'evt_2', attempt: 2 }) })
    expect(await taker.take(taken({ attempt: 2 }, true))).toEqual({ outcome: 'repeat' })
    expect(calls).toEqual([])
  })

  it('that came again and whose next attempt is nowhere in the queue is attempted as that', async () => {
    const { taker } = setUp({ evt_2: traceOf({ eventId: 'evt_2', attempt: 2 }) })
    const rewound = { ...taken({}, true), isSuperseded: async () => false }
    expect(await taker.take(rewound)).toMatchObject({ outcome: 'attempted', fact: { attempt: 3, result: 'delivered' } })
  })

  it('that another process has by now is not attempted', async () => {
    const { taker, calls } = setUp()
    expect(await taker.take({ ...taken(), isLost: () => true })).toEqual({ outcome: 'lost' })
    expect(calls).toEqual([])
  })

  it.each([
    ['delivered', { result: 'delivered' }],
    ['failed, and queued the next', { result: 'retrying' }],
  ] as const)('that another process %s while its own attempt failed is left to that one', async (_, outcome) => {
    const traces: Record<string, DeliveryTrace> = {}
    const { taker, calls, scheduled } = setUp(traces, 500, true, () => {
      traces['evt_2'] = traceOf({ eventId: 'evt_2', ...outcome })
    })
    expect(await taker.take(taken({}, true))).toMatchObject({ outcome: 'attempted', fact: { result: 'retrying' } })
    expect(calls).toEqual(['post'])
    expect(scheduled).toEqual([])
  })

  it('that fails, and that no other process has told of, is tried again', async () => {
    const { taker, calls, scheduled } = setUp({}, 500)
    expect(await taker.take(taken({}, true))).toMatchObject({ outcome: 'attempted', fact: { result: 'retrying' } })
    expect(calls).toEqual(['post', 'record'])
    expect(scheduled).toHaveLength(1)
  })

  it('is given up when it has been held for a day', async () => {
    const { taker, calls } = setUp({ evt_1: traceOf({}) })
    const queuedAt = '2026-03-13T16:00:00.000Z'
    expect(await taker.take(taken({ after: 'evt_1', queuedAt }))).toMatchObject({
      outcome: 'given_up',
      fact: { deadReason: 'endpoint_down' },
    })
    expect(calls).toEqual(['bury', 'record'])
  })
})

describe('the one before it', () => {
  it('that never reached the queue holds nobody up for longer than a minute', () => {
    const missingFor = (missingForMs: number) => ({ now: DELIVERED_AT, missingForMs })
    expect(judgePredecessor(delivery, UNTRIED, missingFor(59_000)).state).toBe('open')
    expect(judgePredecessor(delivery, UNTRIED, missingFor(61_000)).state).toBe('settled')
  })

  it('is waited for as long as it is on the queue', async () => {
    const { taker, calls, clock } = setUp({}, 200, true)
    for (clock.ms = 0; clock.ms < 300_000; clock.ms += 61_000)
      expect(await taker.take(taken({ after: 'evt_1' }))).toMatchObject({ outcome: 'held' })
    expect(calls).toEqual([])
  })

  it('is waited for as long by a process whose clock is ahead', async () => {
    const { taker, calls, clock } = setUp({}, 200, false)
    const queuedAt = new Date(DELIVERED_AT.getTime() - 90_000).toISOString()
    expect(await taker.take(taken({ after: 'evt_1', queuedAt }))).toMatchObject({ outcome: 'held' })
    expect(calls).toEqual([])
    clock.ms += 61_000
    expect(await taker.take(taken({ after: 'evt_1', queuedAt }))).toMatchObject({ outcome: 'attempted' })
  })
})
