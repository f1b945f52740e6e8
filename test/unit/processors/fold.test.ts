import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttemptedFact, Fact } from '../../../src/domain/activity.js'
import type { CanonicalEvent, ReceivedEvent } from '../../../src/domain/event.js'
import { orderIdOf } from '../../../src/domain/ids.js'
import type { Log } from '../../../src/domain/log.js'
import type { OrderStatus } from '../../../src/domain/order.js'
import { applyFact, mergeReceived } from '../../../src/processors/record/fold-log.js'
import { applyEvent } from '../../../src/processors/record/fold-order.js'

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const about = { eventId: 'evt_1', provider: 'careem', clientId: 'c', eventType: 'order.created' } as const

const received = (second = 0): ReceivedEvent => ({
  ...about,
  profile: 'spec',
  auth: 'hmac',
  dedupeKey: 'k',
  occurredAt: at(0),
  receivedAt: at(second),
  method: 'POST',
  path: '',
  body: Buffer.from(`{"second":${second}}`),
})
const canonical = (data: CanonicalEvent['data'] = {}, id = 'evt_1', second = 0): CanonicalEvent => ({
  v: 1,
  id,
  type: 'order.created',
  provider: 'careem',
  clientId: 'c',
  occurredAt: at(second),
  receivedAt: at(0),
  dedupeKey: id,
  source: { eventType: 'order.created', profile: 'spec', auth: 'hmac' },
  data,
})
const dispatched = (...webhookIds: string[]): Fact => ({
  ...about,
  v: 1,
  kind: 'dispatched',
  at: at(1),
  event: canonical(),
  webhookIds,
})
const duplicate = (sequence: number): Fact => ({ ...about, v: 1, kind: 'duplicate', at: at(2), sequence })
function attempted(
  webhookId: string,
  attempt: number,
  result: AttemptedFact['result'],
  options: { second?: number; trigger?: 'manual'; queuedAt?: string } = {},
): AttemptedFact {
  const second = options.second ?? 2 + attempt
  const response = {
    statusCode: result === 'delivered' ? 200 : 500,
    body: null,
    error: null,
    responseTimeMs: attempt * 10,
    retryAfterMs: null,
  }
  return {
    ...about,
    v: 1,
    kind: 'attempted',
    at: at(second),
    webhookId,
    url: 'http://x/',
    attempt,
    trigger: options.trigger ?? 'automatic',
    queuedAt: options.queuedAt,
    response,
    result,
    nextAttemptAt: result === 'retrying' ? at(second + 5) : null,
    deadReason: result === 'dead' ? 'retries_exhausted' : null,
  }
}

type Piece = { readonly received: ReceivedEvent } | { readonly fact: Fact }
/** Folds as the recorder does: what it loads between batches has no payload. */
function fold(pieces: readonly Piece[]): Log | null {
  let payload: string | null = null
  let log: Log | null = null
  for (const piece of pieces) {
    log = 'fact' in piece ? applyFact(log, piece.fact) : mergeReceived(log, piece.received)
    payload = log.payload ?? payload
    log = { ...log, payload: null }
  }
  return log === null ? null : { ...log, payload }
}
const facts = (...list: Fact[]): Piece[] => [{ received: received() }, ...list.map((fact) => ({ fact }))]

describe("a log's fate", () => {
  it.each<[string, Piece[], object]>([
    [
      'is pending while only received',
      [{ received: received() }],
      { status: 'pending', stage: 'received', payload: '{"second":0}', timestamp: at(0) },
    ],
    [
      'is a success when nobody asked for it',
      facts(dispatched()),
      { status: 'success', stage: 'dispatched', attempts: [] },
    ],
    ['is pending while a delivery is open', facts(dispatched('a')), { status: 'pending', stage: 'delivering' }],
    [
      'is pending while a retry waits',
      facts(dispatched('a'), attempted('a', 1, 'retrying')),
      { status: 'pending', stage: 'retrying', error: 'HTTP 500' },
    ],
    [
      'is a success once delivered',
      facts(dispatched('a'), attempted('a', 1, 'retrying'), attempted('a', 2, 'delivered')),
      { status: 'success', stage: 'delivered', error: null, responseTime: 20 },
    ],
    [
      'has failed once given up',
      facts(dispatched('a'), attempted('a', 1, 'dead')),
      { status: 'failed', stage: 'dead' },
    ],
    [
      'waits for all its deliveries',
      facts(dispatched('a', 'b'), attempted('a', 1, 'delivered')),
      { status: 'pending', stage: 'delivering' },
    ],
    [
      'has failed when one of them is given up',
      facts(dispatched('a', 'b'), attempted('a', 1, 'delivered'), attempted('b', 1, 'dead')),
      { status: 'failed', stage: 'dead' },
    ],
    [
      'is a success when a manual attempt delivers what was given up',
      facts(
        dispatched('a'),
        attempted('a', 1, 'dead'),
        attempted('a', 1, 'delivered', { second: 9, trigger: 'manual' }),
      ),
      { status: 'success', stage: 'delivered' },
    ],
    [
      'goes on retrying when a manual attempt fails meanwhile',
      facts(
        dispatched('a'),
        attempted('a', 1, 'retrying'),
        attempted('a', 1, 'dead', { second: 4, trigger: 'manual' }),
      ),
      { status: 'pending', stage: 'retrying' },
    ],
    [
      'is judged by the last number, whatever the clocks of two processes say',
      facts(dispatched('a'), attempted('a', 1, 'retrying', { second: 9 }), attempted('a', 2, 'dead', { second: 8 })),
      { status: 'failed', stage: 'dead', error: 'HTTP 500' },
    ],
    [
      'tells the reason it has failed though another delivery arrived later',
      facts(
        dispatched('a', 'b'),
        attempted('a', 1, 'dead', { second: 3 }),
        attempted('b', 1, 'delivered', { second: 9 }),
      ),
      { status: 'failed', stage: 'dead', error: 'HTTP 500' },
    ],
    [
      'has no error left once what failed has arrived, while another delivery is open',
      facts(dispatched('a', 'b'), attempted('a', 1, 'retrying'), attempted('a', 2, 'delivered')),
      { status: 'pending', stage: 'delivering', error: null },
    ],
    ['counts each resend once', facts(dispatched(), duplicate(7), duplicate(9), duplicate(7)), { resends: [7, 9] }],
  ])('%s', (_, pieces, expected) => {
    expect(fold(pieces)).toMatchObject(expected)
  })

  it('keeps what came first when a resend is received', () => {
    expect(fold([{ received: received(0) }, { received: received(30) }])).toMatchObject({
      timestamp: at(0),
      payload: '{"second":0}',
    })
  })

  it('tells why a request was rejected', () => {
    const fact: Fact = {
      ...about,
      v: 1,
      kind: 'rejected',
      at: at(3),
      code: 'invalid_signature',
      message: 'no',
      statusCode: 401,
      remoteAddress: '::1',
    }
    expect(applyFact(null, fact)).toMatchObject({
      status: 'failed',
      stage: 'rejected',
      error: 'invalid_signature: no',
      timestamp: at(3),
      payload: null,
    })
  })

  it('keeps both of two attempts that were asked for by hand at the same time, and one of an attempt made twice', () => {
    const byHand = (second: number, queuedAt: string) =>
      ({ fact: attempted('a', 1, 'delivered', { second, trigger: 'manual', queuedAt }) }) satisfies Piece
    const log = fold([{ received: received() }, byHand(5, at(3)), byHand(6, at(4)), byHand(7, at(4))])
    expect(log?.attempts.map((attempt) => attempt.at)).toEqual([at(5), at(6)])
  })

  it('comes out the same for any order and any repetition of what is known', () => {
    const result = fc.constantFrom('delivered', 'retrying', 'dead' as const) as fc.Arbitrary<AttemptedFact['result']>
    const piece: fc.Arbitrary<Piece> = fc.oneof(
      // Resends too, one of them taken in by an instance whose clock is behind.
      fc.constantFrom(0, 30, -5).map<Piece>((second) => ({ received: received(second) })),
      fc.constant<Piece>({ fact: dispatched('a', 'b') }),
      fc.integer({ min: 1, max: 4 }).map<Piece>((sequence) => ({ fact: duplicate(sequence) })),
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3 }), result)
        .map<Piece>(([id, attempt, outcome]) => ({ fact: attempted(id, attempt, outcome) })),
      fc
        .tuple(
          fc.integer({ min: 1, max: 2 }),
          fc.constantFrom('delivered', 'dead'),
          fc.integer({ min: 1, max: 12 }),
          fc.constantFrom(undefined, at(20), at(21)),
        )
        .map<Piece>(([attempt, outcome, second, queuedAt]) => ({
          fact: attempted('a', attempt, outcome as AttemptedFact['result'], {
            second,
            trigger: 'manual',
            ...(queuedAt !== undefined && { queuedAt }),
          }),
        })),
    )
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }).chain((pieces) =>
          fc.tuple(
            fc.constant([{ received: received() }, ...pieces]),
            fc.shuffledSubarray([{ received: received() }, ...pieces, ...pieces], {
              minLength: pieces.length * 2 + 1,
            }),
          ),
        ),
        ([pieces, shuffled]) => {
          expect(fold(shuffled)).toEqual(fold(pieces))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('an order', () => {
  const id = orderIdOf('careem', 'c', 'o1')
  const order = (revision: number) =>
    ({ id, externalId: 'o1', revision }) as unknown as NonNullable<CanonicalEvent['data']['order']>
  const change = (to: OrderStatus, revision: number): NonNullable<CanonicalEvent['data']['change']> => ({
    orderId: id,
    orderExternalId: 'o1',
    from: 'pending',
    to,
    applied: true,
    why: null,
    reason: null,
    status: to,
    revision,
  })
  const events = [
    canonical({ order: order(1), change: change('accepted', 1) }, 'e1', 1),
    canonical({ change: change('ready', 2) }, 'e2', 2),
    canonical({ order: order(3), change: change('delivered', 3) }, 'e3', 3),
  ]

  it('is folded the same from any order of its events and any repetition', () => {
    const folded = (list: readonly CanonicalEvent[]) =>
      list.reduce<ReturnType<typeof applyEvent>>((known, event) => applyEvent(known, event), null)
    const expected = folded(events)
    expect(expected).toMatchObject({ status: 'delivered', revision: 3, snapshot: { status: 'delivered', revision: 3 } })
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 6 }), (shuffled) => {
        expect(folded(shuffled)).toEqual(expected)
      }),
    )
  })

  it('is kept as parked changes, still pending, until its snapshot comes', () => {
    const early = applyEvent(null, events[1] as CanonicalEvent)
    expect(early).toMatchObject({ snapshot: null, status: 'pending', changes: [{ to: 'ready' }] })
    expect(applyEvent(early, events[0] as CanonicalEvent)).toMatchObject({
      snapshot: { externalId: 'o1', status: 'ready' },
      status: 'ready',
    })
  })

  it('is not touched by an event about none', () => {
    expect(applyEvent(null, canonical())).toBeNull()
  })
})
