import type { AttemptedFact } from '../../domain/activity.js'
import { acceptByOf } from '../../domain/at-risk.js'
import { DEFAULT_DELIVERY_LIMITS } from '../../domain/client.js'
import { type Delivery, MAX_HELD_MS } from '../../domain/delivery.js'
import { type Addressed, addressOf, type DeliverPorts, deliver, giveUp, isExpired, tellIfAtRisk } from './deliver.js'
import type { AttemptReport, Gate, HoldReason } from './gate.js'
import { type DeliveryTrace, judgePredecessor } from './predecessor.js'

/** A delivery off the queue. */
export type Taken = {
  readonly delivery: Delivery
  /** It may have been dealt with already: redelivered by the broker, late, scheduled, or from before a restart. */
  readonly mayBeRepeat: boolean
  /** It was held before and its time has come. */
  readonly isReturning: boolean
  /** The broker has given it to another process meanwhile (we were paused, or the link was down). */
  isLost(): boolean
  /** Whether its next attempt is in the queue: scheduled, or further back. */
  isSuperseded(): Promise<boolean>
}

/** `done`: acknowledge. `again`: leave it to the broker for a moment. */
export type TakeOutcome =
  | { readonly outcome: 'attempted' | 'given_up'; readonly fact: AttemptedFact }
  | { readonly outcome: 'held'; readonly reason: HoldReason | 'order'; readonly delayMs: number }
  | { readonly outcome: 'repeat' }
  | { readonly outcome: 'lost' }
  | { readonly outcome: 'again'; readonly delayMs: number }

export type TakePorts = DeliverPorts & {
  readonly gate: Gate
  /** Milliseconds that no change of the clock moves. */
  monotonic(): number
  /** How many processes share the endpoints' limits; at least 1. */
  peers(): number
  /** What became of a delivery of `eventId` to the same webhook. */
  trace(delivery: Delivery, eventId: string): Promise<DeliveryTrace>
  /** Whether a delivery of `eventId` to the same webhook is (or was) on the queue. */
  isQueued(delivery: Delivery, eventId: string): Promise<boolean>
}

const BUSY_MS = 500
/** For the one before it, when that is under way right here. */
const WAIT_HERE_MS = 1_000
const MAX_SETTLED = 20_000

/** Takes deliveries off the queue: each order's in turn, each endpoint within its bounds. One for a process. */
export function createTaker(ports: TakePorts) {
  /** Deliveries in hand, each with the promise of its end. */
  const inHand = new Map<string, Promise<unknown>>()
  const settled = createRecentSet(MAX_SETTLED)
  const missing = createMissing(ports.monotonic)

  const take = async (taken: Taken): Promise<TakeOutcome> => {
    const { delivery } = taken
    const key = keyOf(delivery, delivery.event.id)
    if (inHand.has(key)) return { outcome: 'again', delayMs: BUSY_MS }
    const running = handle(taken)
    inHand.set(
      key,
      running.catch(() => undefined),
    )
    try {
      return await running
    } finally {
      inHand.delete(key)
    }
  }
  const handle = async (taken: Taken): Promise<TakeOutcome> => {
    const delivery = taken.mayBeRepeat ? await leftOf(taken) : taken.delivery
    if (delivery === null) return { outcome: 'repeat' }
    const address = addressOf(delivery, ports.findClient)
    if ('dead' in address) return givenUp(delivery, address.url, address.dead)
    if (isExpired(delivery, address, ports.now())) return givenUp(delivery, address.webhook.url, 'expired')
    const waitMs = await predecessorWait(delivery)
    if (waitMs !== null) return hold(delivery, address, waitMs, 'order')
    return enter({ ...taken, delivery }, address)
  }
  const enter = async (taken: Taken, address: Addressed): Promise<TakeOutcome> => {
    const { delivery } = taken
    const admission = await ports.gate.enter({
      webhookId: delivery.webhookId,
      clientId: delivery.event.clientId,
      priority: delivery.priority,
      limits: shareOf(address.webhook.delivery ?? DEFAULT_DELIVERY_LIMITS, ports.peers()),
      // In bulk (a replay) it waits as everything does.
      isManual: delivery.trigger === 'manual' && delivery.priority === 'high',
      isReturning: taken.isReturning,
    })
    if (admission.outcome === 'held') return hold(delivery, address, admission.delayMs, admission.reason)
    let report: AttemptReport = { health: 'unknown', waitMs: 0 }
    try {
      if (taken.isLost()) return { outcome: 'lost' }
      let isTheirs = false
      const fact = await deliver(delivery, address, ports, async () => {
        isTheirs = taken.isLost() || (taken.mayBeRepeat && (await leftOf(taken)) === null)
        return isTheirs
      })
      report = reportOf(fact)
      if (fact.result !== 'retrying' && !isTheirs) settled.add(keyOf(delivery, delivery.event.id))
      return { outcome: 'attempted', fact }
    } finally {
      admission.leave(report)
    }
  }
  const givenUp = async (
    delivery: Delivery,
    url: string,
    reason: Parameters<typeof giveUp>[2],
  ): Promise<TakeOutcome> => {
    const fact = await giveUp(delivery, url, reason, ports)
    settled.add(keyOf(delivery, delivery.event.id))
    return { outcome: 'given_up', fact }
  }
  /** Put back for later, unattempted; given up when it has been held for too long. */
  const hold = async (
    delivery: Delivery,
    address: Addressed,
    delayMs: number,
    reason: HoldReason | 'order',
  ): Promise<TakeOutcome> => {
    const nowMs = ports.now().getTime()
    if (nowMs - Date.parse(delivery.queuedAt) > MAX_HELD_MS)
      return givenUp(delivery, address.webhook.url, 'endpoint_down')
    // What its order's time-out ends is told at that time, not when the endpoint's turn would come.
    const endsAt = address.client.settings.retryPolicy.mode === 'deadline' ? acceptByOf(delivery.event) : null
    const at = new Date(
      Math.min(nowMs + delayMs, endsAt === null || endsAt <= nowMs ? Number.POSITIVE_INFINITY : endsAt),
    )
    await ports.schedule(delivery, at)
    if (reason === 'endpoint_down' || reason === 'asked_to_wait') await tellIfAtRisk(delivery, at, ports)
    return { outcome: 'held', reason, delayMs }
  }
  /** Null when its turn in its order has come; else when to look again. */
  const predecessorWait = async (delivery: Delivery): Promise<number | null> => {
    const { after } = delivery
    if (after === null || delivery.trigger === 'manual') return null
    const key = keyOf({ ...delivery, trigger: 'automatic' }, after)
    const here = inHand.get(key)
    if (here !== undefined) await Promise.race([here, new Promise((resolve) => setTimeout(resolve, WAIT_HERE_MS))])
    if (settled.has(key)) return null
    const trace = await ports.trace(delivery, after)
    const isMissing = trace.automatic === null && !(await ports.isQueued(delivery, after))
    const missingForMs = missing.see(key, isMissing)
    const judged = judgePredecessor(delivery, trace, { now: ports.now(), missingForMs })
    if (judged.state === 'open') return judged.lookAgainInMs
    settled.add(key)
    return null
  }
  /** What is to be attempted of one that may be a repeat; null where nothing is: it is done, or its next attempt is queued. */
  const leftOf = async ({ delivery, isSuperseded }: Taken): Promise<Delivery | null> => {
    const { automatic, byHand } = await ports.trace(delivery, delivery.event.id)
    if (delivery.trigger === 'manual') return byHand?.queuedAt === delivery.queuedAt ? null : delivery
    if (byHand?.result === 'delivered') return null
    if (automatic === null) return delivery
    if (automatic.result !== 'retrying') return null
    if (automatic.attempt < delivery.attempt) return delivery
    // A retry is queued before it is told of: one that is not there was lost by a restore (docs/operations/backup.md).
    return (await isSuperseded()) ? null : { ...delivery, attempt: automatic.attempt + 1 }
  }
  return { take, inHand: () => inHand.size }
}

function keyOf({ webhookId, trigger }: Pick<Delivery, 'webhookId' | 'trigger'>, eventId: string): string {
  return `${webhookId} ${eventId} ${trigger}`
}

/** This process's part of what an endpoint may be asked. */
function shareOf(limits: { readonly concurrency: number; readonly ratePerSecond: number | null }, peers: number) {
  return {
    concurrency: Math.max(1, Math.floor(limits.concurrency / peers)),
    ratePerSecond: limits.ratePerSecond === null ? null : limits.ratePerSecond / peers,
  }
}

/** A 4xx comes from an endpoint that is alive; 429 and 503 may say how long to wait. */
function reportOf({ response }: AttemptedFact): AttemptReport {
  const { statusCode, retryAfterMs } = response
  const asksToWait = (statusCode === 429 || statusCode === 503) && retryAfterMs !== null
  return {
    health: statusCode !== null && (statusCode < 500 || asksToWait) ? 'alive' : 'down',
    waitMs: asksToWait ? Math.min(retryAfterMs, 3_600_000) : 0,
  }
}

function createRecentSet(max: number) {
  const keys = new Set<string>()
  return {
    has: (key: string): boolean => keys.has(key),
    add: (key: string): void => {
      keys.add(key)
      const [oldest] = keys
      if (keys.size > max && oldest !== undefined) keys.delete(oldest)
    },
  }
}

/** Since when predecessors have been found missing, each by its key. */
function createMissing(monotonic: () => number) {
  const since = new Map<string, number>()
  return {
    /** For how long, if it is missing now. */
    see: (key: string, isMissing: boolean): number => {
      const first = since.get(key) ?? monotonic()
      since.delete(key)
      if (!isMissing) return 0
      since.set(key, first)
      const [oldest] = since.keys()
      if (since.size > MAX_SETTLED && oldest !== undefined) since.delete(oldest)
      return monotonic() - first
    },
  }
}
