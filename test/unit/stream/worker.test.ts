import { describe, expect, it } from 'vitest'
import type { StreamConnection } from '../../../src/stream/connection.js'
import { type Settlement, startWorker, type WorkMessage } from '../../../src/stream/worker.js'

const DRAIN_MS = 50
/** Far less than the five seconds a fetch waits for messages. */
const AT_ONCE_MS = 1_000

describe('a worker that stops', () => {
  it('ends a fetch that is answered only afterwards, and hands back what it brings', async () => {
    const broker = fakeBroker()
    const handled: WorkMessage[] = []
    const worker = startWorker(
      broker.connection,
      options(async (message) => done(handled.push(message))),
    )
    await broker.asked
    const stopped = worker.stop(DRAIN_MS)
    broker.answer('late')
    expect(await within(stopped)).toBe(true)
    await broker.ended
    expect(broker.settled).toEqual(['late: nak'])
    expect(handled).toEqual([])
  })

  it('hands back at once what was on its way to it', async () => {
    const broker = fakeBroker()
    const worker = startWorker(
      broker.connection,
      options(async () => done(0)),
    )
    await broker.asked
    broker.answer('taken', 'sent')
    await expect.poll(() => broker.settled).toEqual(['taken: ack'])
    expect(await within(worker.stop(DRAIN_MS))).toBe(true)
    await broker.ended
    expect(broker.settled).toEqual(['taken: ack', 'sent: nak'])
  })

  it('waits for what is in hand', async () => {
    const broker = fakeBroker()
    let finish: (() => void) | undefined
    const worker = startWorker(
      broker.connection,
      options(() => new Promise((resolve) => (finish = () => resolve({ settle: 'done' })))),
    )
    await broker.asked
    broker.answer('quick')
    await expect.poll(() => worker.inFlight()).toBe(1)
    const stopped = worker.stop(AT_ONCE_MS)
    finish?.()
    expect(await within(stopped)).toBe(true)
    expect(broker.settled).toEqual(['quick: ack'])
  })

  it('hands back what takes longer, and what comes of it afterwards settles nothing', async () => {
    const broker = fakeBroker()
    const outcome: { finish?: () => void; isLost?: () => boolean } = {}
    const worker = startWorker(
      broker.connection,
      options((message) => {
        outcome.isLost = message.isLost
        return new Promise((resolve) => (outcome.finish = () => resolve({ settle: 'done' })))
      }),
    )
    await broker.asked
    broker.answer('slow')
    await expect.poll(() => worker.inFlight()).toBe(1)
    expect(outcome.isLost?.()).toBe(false)
    expect(await within(worker.stop(DRAIN_MS))).toBe(true)
    expect(broker.settled).toEqual(['slow: nak'])
    expect(outcome.isLost?.()).toBe(true)
    outcome.finish?.()
    await expect.poll(() => worker.inFlight()).toBe(0)
    expect(broker.settled).toEqual(['slow: nak'])
  })
})

describe('a worker', () => {
  it('knows a message that comes so late that another process may have had it, as after a pause, and one that does not', async () => {
    const broker = fakeBroker({ slow: 2_000, late: 9_000 })
    const old: string[] = []
    const worker = startWorker(
      broker.connection,
      options(async ({ subject, isOld }) => done(isOld && old.push(subject))),
    )
    await broker.asked
    broker.answerAtOnce('prompt', 'slow', 'late', 'prompt again')
    await expect.poll(() => broker.settled).toHaveLength(4)
    expect(old).toEqual(['late'])
    expect(await within(worker.stop(DRAIN_MS))).toBe(true)
  })

  it('asks anew once the link is back, for the broker may have forgotten what was asked', async () => {
    const broker = fakeBroker()
    const worker = startWorker(
      broker.connection,
      options(async () => done(0)),
    )
    await broker.asked
    broker.answer('before')
    await expect.poll(() => broker.settled).toEqual(['before: ack'])
    broker.reconnect()
    await expect.poll(() => broker.asks(), { timeout: AT_ONCE_MS }).toBe(2)
    expect(await within(worker.stop(DRAIN_MS))).toBe(true)
  })
})

function options(handle: (message: WorkMessage) => Promise<Settlement>) {
  const onError = (error: unknown): never => {
    throw error
  }
  return { stream: 'S', durable: 'D', concurrency: 8, handle, onError }
}

function done(_: unknown): Settlement {
  return { settle: 'done' }
}

function within(work: Promise<void>): Promise<boolean> {
  return Promise.race([
    work.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, AT_ONCE_MS, false)),
  ])
}

/**
 * A broker whose fetches are answered when the test says so, and end only when they are stopped, which lets go of what is on
 * its way, or drained. `underWayMs`: how long before now messages were stored.
 */
function fakeBroker(underWayMs: Readonly<Record<string, number>> = {}) {
  const settled: string[] = []
  const fetched = later<object>()
  const asked = later<void>()
  const stopped = later<void>()
  const ended = later<void>()
  const listeners: ((up: boolean) => void)[] = []
  let asks = 0
  const settle = (name: string, how: string): void => void settled.push(`${name}: ${how}`)
  const messageOf = (name: string) => ({
    seq: 1,
    subject: name,
    data: new Uint8Array(),
    info: { deliveryCount: 1, timestampNanos: (performance.now() - (underWayMs[name] ?? 0)) * 1e6 },
    ack: () => settle(name, 'ack'),
    nak: () => settle(name, 'nak'),
    working: () => undefined,
  })
  const connection = {
    isUp: () => true,
    onChange: (listener: (up: boolean) => void) => listeners.push(listener),
    jsm: { streams: { info: async () => ({ state: { last_seq: 0 } }) } },
    js: {
      consumers: {
        get: async () => ({
          fetch: () => {
            asks += 1
            asked.resolve()
            return asks === 1 ? fetched.promise : new Promise(() => undefined)
          },
        }),
      },
    },
  }
  const answerWith = (atOnce: readonly string[], onTheirWay: readonly string[]): void => {
    let isLetGo = false
    fetched.resolve({
      stop: () => {
        isLetGo = true
        stopped.resolve()
      },
      sub: { drain: async () => stopped.resolve() },
      async *[Symbol.asyncIterator]() {
        yield* atOnce.map(messageOf)
        await stopped.promise
        if (!isLetGo) yield* onTheirWay.map(messageOf)
        ended.resolve()
      },
    })
  }
  // Only what a worker asks of it.
  return {
    connection: connection as unknown as StreamConnection,
    settled,
    asked: asked.promise,
    ended: ended.promise,
    asks: () => asks,
    answer: (name: string, ...onTheirWay: readonly string[]) => answerWith([name], onTheirWay),
    answerAtOnce: (...names: readonly string[]) => answerWith(names, []),
    reconnect: () => {
      for (const up of [false, true]) for (const listener of listeners) listener(up)
    },
  }
}

function later<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
