import type { ConsumerMessages, JsMsg, Subscription } from 'nats'
import { createBell, pause, settledWithin } from '../lib/wait.js'
import type { StreamConnection } from './connection.js'
import { ACK_WAIT_MS } from './topology.js'

/** A message of a durable consumer, and what may be known about it. */
export type WorkMessage = {
  readonly subject: string
  readonly data: Uint8Array
  header(name: string): string | undefined
  /** Place in the stream. */
  readonly sequence: number
  /** 1 for the first delivery of this message by the broker. */
  readonly deliveryCount: number
  /**
   * Whether it may have been dealt with: it was in the stream before this process had a link to it, so its acknowledgement
   * may have been lost; or it comes so late that the broker may have given it to another process meanwhile.
   */
  readonly isOld: boolean
  /** Whether another process may have it: we did not report progress in time, or handed it back on stopping. */
  isLost(): boolean
}

/** `done`: never again. `again`: redelivered after the delay. */
export type Settlement = { readonly settle: 'done' } | { readonly settle: 'again'; readonly delayMs: number }

export type WorkerOptions = {
  readonly stream: string
  readonly durable: string
  /** Messages handled at once; no more are taken from the broker. */
  readonly concurrency: number
  handle(message: WorkMessage): Promise<Settlement>
  /** Told of a handler that threw and of a broker that does not answer; the message comes again, the loop goes on. */
  onError(error: unknown, where: 'handle' | 'fetch'): void
}

export type Worker = {
  /** Stops taking messages and waits, at most `drainMs`, for those in hand; the rest is handed back, for others to take at once. */
  stop(drainMs: number): Promise<void>
  inFlight(): number
}

/** After this long without a report the message counts as lost: earlier than the broker gives it away. */
const LOST_AFTER_MS = ACK_WAIT_MS * 0.8

const FETCH_EXPIRES_MS = 5_000
const FETCH_MAX = 256
const RETRY_FETCH_MS = 500
const HANDLER_FAILED_DELAY_MS = 1_000

/**
 * Runs a durable consumer. Each fetch is bounded and self-contained, so a broker that restarts strands nothing:
 * a fetch that fails is simply followed by the next one.
 */
export function startWorker(connection: StreamConnection, options: WorkerOptions): Worker {
  const stopping = new AbortController()
  const inHand = new Map<JsMsg, InHand>()
  let oldUntil = Number.POSITIVE_INFINITY
  const learnOldest = async (): Promise<void> => {
    oldUntil = Number.POSITIVE_INFINITY
    oldUntil = (await connection.jsm.streams.info(options.stream)).state.last_seq
  }
  let isLate = createLateness()
  // A broker that was killed may have forgotten acknowledgements: what is there now may have been dealt with.
  connection.onChange((up) => {
    oldUntil = Number.POSITIVE_INFINITY
    if (!up) return
    isLate = createLateness()
    isOldKnown = false
    // The broker may know nothing any more of what was asked for; it would be waited for until that expires.
    if (current !== undefined) endFetch(current)
  })
  let isOldKnown = false
  const slotFreed = createBell()
  let current: ConsumerMessages | undefined

  const take = async (message: JsMsg): Promise<void> => {
    // It came while we were leaving.
    if (stopping.signal.aborted) return message.nak()
    const state: InHand = { touchedAt: performance.now() }
    inHand.set(message, state)
    const isLost = (): boolean => performance.now() - state.touchedAt > LOST_AFTER_MS
    try {
      const isOld = message.seq <= oldUntil || isLate(message.info.timestampNanos / 1e6)
      const settlement = await options.handle({ ...toWorkMessage(message), isOld, isLost })
      // Whoever has it now settles it.
      if (isLost()) return
      if (settlement.settle === 'done') message.ack()
      else message.nak(settlement.delayMs)
    } catch (error) {
      if (isLost()) return
      options.onError(error, 'handle')
      message.nak(HANDLER_FAILED_DELAY_MS)
    } finally {
      inHand.delete(message)
      slotFreed.ring()
    }
  }
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const free = options.concurrency - inHand.size
      if (free <= 0) {
        await slotFreed.wait(stopping.signal)
        continue
      }
      try {
        const consumer = await connection.js.consumers.get(options.stream, options.durable)
        if (!isOldKnown) {
          await learnOldest()
          isOldKnown = true
        }
        while (!stopping.signal.aborted && isOldKnown && inHand.size < options.concurrency) {
          current = await consumer.fetch({
            max_messages: Math.min(FETCH_MAX, options.concurrency - inHand.size),
            expires: FETCH_EXPIRES_MS,
          })
          // Stopped while it was asked for: nobody else would end it before it expires.
          if (stopping.signal.aborted) endFetch(current)
          const watchdog = setTimeout(() => current?.stop(), FETCH_EXPIRES_MS * 3)
          for await (const message of current) void take(message)
          clearTimeout(watchdog)
        }
      } catch (error) {
        options.onError(error, 'fetch')
        await pause(RETRY_FETCH_MS, stopping.signal)
      }
    }
  }
  // A message in hand for longer than ACK_WAIT_MS would be given to another worker.
  const heartbeat = setInterval(() => {
    if (!connection.isUp()) return
    for (const [message, state] of inHand) {
      // What was lost stays lost, also for a process that wakes up from a pause.
      if (performance.now() - state.touchedAt > LOST_AFTER_MS) continue
      state.touchedAt = performance.now()
      message.working()
    }
  }, ACK_WAIT_MS / 3)
  const running = loop()
  return {
    inFlight: () => inHand.size,
    stop: async (drainMs) => {
      stopping.abort()
      if (current !== undefined) endFetch(current)
      const deadline = performance.now() + drainMs
      const left = (): number => deadline - performance.now()
      while (inHand.size > 0 && left() > 0) await slotFreed.wait(undefined, left())
      clearInterval(heartbeat)
      for (const [message, state] of inHand) {
        state.touchedAt = Number.NEGATIVE_INFINITY
        message.nak()
      }
      await settledWithin(running, Math.max(0, left()))
    },
  }
}

/**
 * Ends a fetch and still hands out what the server has sent on it. The client's own `stop` lets go of that at once, and
 * nobody else gets it before ACK_WAIT_MS have passed.
 */
function endFetch(fetch: ConsumerMessages): void {
  // The typings leave out the subscription; once it is drained, the client ends the fetch.
  const { sub } = fetch as unknown as { readonly sub: Subscription }
  sub.drain().catch(() => fetch.stop())
}

/** What two clocks may drift apart, as a share of the time. */
const DRIFT = 0.001

/**
 * Tells messages that come late, by how long they were under way beyond the fastest: what a process reads that was paused
 * (SIGSTOP, a machine put to sleep), or whose link stood still, and what waited in a backlog. No clock has to be right.
 */
function createLateness(): (storedAtMs: number) => boolean {
  let fastestMs = Number.POSITIVE_INFINITY
  let askedAt = 0
  return (storedAtMs) => {
    const now = performance.now()
    const wayMs = now - storedAtMs
    fastestMs = Math.min(wayMs, fastestMs + (now - askedAt) * DRIFT)
    askedAt = now
    return wayMs - fastestMs > LOST_AFTER_MS
  }
}

type InHand = { touchedAt: number }

function toWorkMessage(message: JsMsg): Omit<WorkMessage, 'isOld' | 'isLost'> {
  return {
    subject: message.subject,
    data: message.data,
    header: (name) => (message.headers?.has(name) ? message.headers.get(name) : undefined),
    sequence: message.seq,
    deliveryCount: message.info.deliveryCount,
  }
}
