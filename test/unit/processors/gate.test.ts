import { describe, expect, it } from 'vitest'
import { afterAttempt, type Breaker, CLOSED } from '../../../src/processors/deliver/breaker.js'
import { type Admission, type Applicant, type BreakerChange, createGate } from '../../../src/processors/deliver/gate.js'

const applicant = (webhookId: string, more: Partial<Applicant> = {}): Applicant => ({
  webhookId,
  clientId: `client-${webhookId}`,
  priority: 'medium',
  limits: { concurrency: 4, ratePerSecond: null },
  isManual: false,
  isReturning: false,
  ...more,
})

function setUp(options: { maxInFlight?: number } = {}) {
  const clock = { ms: 1_000_000 }
  const changes: BreakerChange[] = []
  const pauses: (readonly [webhookId: string, waitMs: number])[] = []
  const gate = createGate({
    maxInFlight: options.maxInFlight ?? 100,
    maxWaiting: 100,
    now: () => clock.ms,
    onBreaker: (change) => changes.push(change),
    onPause: (webhookId, waitMs) => pauses.push([webhookId, waitMs]),
  })
  const order: string[] = []
  /** Asks, and notes who got in when. */
  const ask = (name: string, who: Applicant): Promise<Admission> =>
    gate.enter(who).then((admission) => {
      if (admission.outcome === 'admitted') order.push(name)
      return admission
    })
  return { gate, clock, changes, pauses, order, ask }
}

async function admitted(admission: Promise<Admission>) {
  const settled = await admission
  if (settled.outcome !== 'admitted') throw new Error(`held: ${settled.reason}`)
  return settled
}

const ALIVE = { health: 'alive', waitMs: 0 } as const
const DOWN = { health: 'down', waitMs: 0 } as const

describe('a gate', () => {
  it('lets an endpoint have its concurrency and no more, and others go past it', async () => {
    const { order, ask } = setUp()
    const slow = ['a', 'b', 'c', 'd', 'e'].map((name) => ask(name, applicant('slow')))
    await ask('other', applicant('quick'))
    expect(order).toEqual(['a', 'b', 'c', 'd', 'other'])
    const first = await admitted(slow[0] as Promise<Admission>)
    first.leave(ALIVE)
    await slow[4]
    expect(order.at(-1)).toBe('e')
  })

  it('gives clients turns, and the higher priority first', async () => {
    const { order, ask } = setUp({ maxInFlight: 1 })
    const blocker = await admitted(ask('blocker', applicant('x')))
    const names: [string, Applicant][] = [
      ['low', applicant('c', { priority: 'low' })],
      ['a1', applicant('a')],
      ['a2', applicant('a')],
      ['a3', applicant('a')],
      ['b1', applicant('b')],
      ['high', applicant('a', { priority: 'high' })],
    ]
    const all = names.map(([name, who]) => ask(name, who))
    blocker.leave(ALIVE)
    const left = new Set(all)
    while (left.size > 0) {
      const [next, promise] = await Promise.race([...left].map((each) => each.then((it) => [it, each] as const)))
      left.delete(promise)
      if (next.outcome === 'admitted') next.leave(ALIVE)
    }
    expect(order).toEqual(['blocker', 'high', 'a1', 'b1', 'a2', 'a3', 'low'])
  })

  it('holds what exceeds a share, each for a later turn than the one before', async () => {
    const { ask } = setUp()
    const all = Array.from({ length: 80 }, (_, index) => ask(String(index), applicant('busy')))
    const held = await Promise.all(all.slice(-10))
    const delays = held.map((admission) => (admission.outcome === 'held' ? admission.delayMs : 0))
    expect(Math.min(...delays)).toBeGreaterThan(0)
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    expect(new Set(delays).size).toBe(delays.length)
  })

  it('forgets nobody whose slot comes while a round goes on, whichever moment that is', async () => {
    const waits = Array.from({ length: 40 }, async (_, index) => {
      // Every look at the clock is a little later, so that a slot comes between any two of them.
      let ms = 0
      const gate = createGate({
        maxInFlight: 100,
        maxWaiting: 100,
        now: () => (ms += 0.1),
        onBreaker: () => undefined,
        onPause: () => undefined,
      })
      const who = applicant('w', { limits: { concurrency: 4, ratePerSecond: 1_000 / (0.35 + index * 0.05) } })
      await gate.enter(who)
      return (await gate.enter(who)).outcome
    })
    expect(await Promise.all(waits)).toEqual(waits.map(() => 'admitted'))
  })

  it('spaces attempts by the rate', async () => {
    const { clock, order, ask } = setUp()
    const limits = { concurrency: 4, ratePerSecond: 10 }
    await ask('first', applicant('r', { limits }))
    const second = ask('second', applicant('r', { limits }))
    expect(order).toEqual(['first'])
    clock.ms += 100
    await second
    expect(order).toEqual(['first', 'second'])
  })

  it('sends nothing before the time an endpoint asked for', async () => {
    const { clock, pauses, ask } = setUp()
    const first = await admitted(ask('first', applicant('w')))
    first.leave({ health: 'alive', waitMs: 30_000 })
    expect(pauses).toEqual([['w', 30_000]])
    const next = await ask('next', applicant('w'))
    expect(next).toMatchObject({ outcome: 'held', reason: 'asked_to_wait' })
    expect(next.outcome === 'held' && next.delayMs).toBeGreaterThanOrEqual(30_000)
    clock.ms += 31_000
    expect(await ask('later', applicant('w', { isReturning: true }))).toMatchObject({ outcome: 'admitted' })
  })

  it('holds what waits, and what comes, while another process was asked to wait', async () => {
    const { gate, clock, ask } = setUp()
    await ask('first', applicant('w', { limits: { concurrency: 1, ratePerSecond: null } }))
    const waits = ask('waits', applicant('w', { limits: { concurrency: 1, ratePerSecond: null } }))
    gate.pause('w', 5_000)
    expect(await waits).toMatchObject({ outcome: 'held', reason: 'asked_to_wait' })
    expect(await ask('next', applicant('w'))).toMatchObject({ outcome: 'held', reason: 'asked_to_wait' })
    clock.ms += 6_000
    expect(await ask('later', applicant('w', { isReturning: true }))).toMatchObject({ outcome: 'admitted' })
  })

  it('keeps few places for what is of low priority, so that one slow endpoint does not take all', async () => {
    const { ask } = setUp()
    const all = Array.from({ length: 20 }, (_, index) => ask(String(index), applicant('slow', { priority: 'low' })))
    const outcomes = await Promise.all(all.slice(12))
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['held']))
  })

  it('opens on failures in a row, and then holds all but what a person asks for', async () => {
    const { clock, changes, ask, gate } = setUp()
    for (let failure = 0; failure < 10; failure += 1) {
      const attempt = await admitted(ask('f', applicant('down')))
      clock.ms += 1_100
      attempt.leave(DOWN)
    }
    expect(changes).toEqual([{ webhookId: 'down', change: 'opened', openMs: 5_000 }])
    expect(gate.openBreakers()).toBe(1)
    expect(await ask('held', applicant('down'))).toMatchObject({ outcome: 'held', reason: 'endpoint_down' })
    expect(await ask('by hand', applicant('down', { isManual: true }))).toMatchObject({ outcome: 'admitted' })
  })

  it('lets one probe when its time has come, and the rest go once that is answered', async () => {
    const { clock, changes, ask } = setUp()
    for (let failure = 0; failure < 10; failure += 1) {
      const attempt = await admitted(ask('f', applicant('down')))
      clock.ms += 1_100
      attempt.leave(DOWN)
    }
    clock.ms += 6_000
    const probe = await admitted(ask('probe', applicant('down', { isReturning: true })))
    expect(await ask('second', applicant('down', { isReturning: true }))).toMatchObject({ outcome: 'held' })
    probe.leave(ALIVE)
    expect(changes.at(-1)).toMatchObject({ change: 'closed' })
    expect(await ask('after', applicant('down', { isReturning: true }))).toMatchObject({ outcome: 'admitted' })
  })
})

describe('a breaker', () => {
  it('stays open twice as long after each probe that fails, at most a minute', () => {
    let breaker: Breaker = { state: 'half-open', openMs: 5_000 }
    const opens: number[] = []
    for (let probe = 0; probe < 5; probe += 1) {
      breaker = afterAttempt(breaker, 'down', { startedAt: 0, now: 0 })
      if (breaker.state !== 'open') throw new Error('not open')
      opens.push(breaker.openMs)
      breaker = { state: 'half-open', openMs: breaker.openMs }
    }
    expect(opens).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
  })

  it('is not opened by a short burst of failures, nor by failures between answers', () => {
    let breaker: Breaker = CLOSED
    for (let count = 0; count < 50; count += 1)
      breaker = afterAttempt(breaker, 'down', { startedAt: count * 10, now: count * 10 + 5 })
    expect(breaker.state).toBe('closed')
    expect(afterAttempt(breaker, 'alive', { startedAt: 0, now: 60_000 })).toBe(CLOSED)
  })
})
