import { type DeliveryPriority, PRIORITIES } from '../../domain/delivery.js'
import { afterAttempt, type Breaker, CLOSED, type Health } from './breaker.js'

/** What one endpoint may be asked at most, by this process. */
export type EndpointLimits = { readonly concurrency: number; readonly ratePerSecond: number | null }

export type Applicant = {
  readonly webhookId: string
  readonly clientId: string
  readonly priority: DeliveryPriority
  readonly limits: EndpointLimits
  /** A person asked: an open breaker does not hold it. */
  readonly isManual: boolean
  /** It was held before and its time has come: it goes before what arrives anew. */
  readonly isReturning: boolean
}

/** `admitted`: make the attempt, then call `leave`. `held`: put it back for later; nothing was used up. */
export type Admission =
  | { readonly outcome: 'admitted'; leave(result: AttemptReport): void }
  | { readonly outcome: 'held'; readonly delayMs: number; readonly reason: HoldReason }
export type HoldReason = 'endpoint_down' | 'asked_to_wait' | 'over_its_share'

export type AttemptReport = {
  readonly health: Health | 'unknown'
  /** The endpoint's Retry-After: nothing is sent to it before. */
  readonly waitMs: number
}

export type BreakerChange = {
  readonly webhookId: string
  readonly change: 'opened' | 'closed'
  readonly openMs: number
}

export type Gate = {
  enter(applicant: Applicant): Promise<Admission>
  /** Nothing is sent to an endpoint for a while: it asked another process for that. */
  pause(webhookId: string, waitMs: number): void
  /** Everything that waits is held; nothing is admitted any more. */
  close(): void
  /** Endpoints whose breaker is not closed. */
  openBreakers(): number
}

export type GateOptions = {
  /** Attempts under way at once, over all endpoints. */
  readonly maxInFlight: number
  /** Deliveries that may wait in memory, over all endpoints. */
  readonly maxWaiting: number
  /** Monotonic milliseconds. */
  now(): number
  onBreaker(change: BreakerChange): void
  /** An endpoint asked this process to wait. */
  onPause(webhookId: string, waitMs: number): void
}

type Waiter = { readonly applicant: Applicant; settle(admission: Admission): void }

type Endpoint = {
  readonly webhookId: string
  limits: EndpointLimits
  inFlight: number
  readonly waiting: Waiter[]
  breaker: Breaker
  /** Nothing is sent before: Retry-After. */
  pausedUntil: number
  /** When the rate allows the next one. */
  nextSlotAt: number
  /** Until when held deliveries have been given their turns, one after the other. */
  bookedUntil: number
  /** Of an attempt, smoothed. */
  averageMs: number
}

/** A few may always wait, however many endpoints do. */
const MIN_WAITING = 2
const MAX_WAITING_PER_ENDPOINT = 64
/** Of low priority: one endpoint's must not take all of their few places. */
const MAX_WAITING_LOW = 8
const MIN_HOLD_MS = 200
const MAX_HOLD_MS = 600_000
const IDLE_AVERAGE_MS = 50

/**
 * Decides who is attempted when. Each endpoint has its own bounds (concurrency, rate, breaker), so one that hangs holds
 * its own few slots; what exceeds its share is held for a time of its own instead of standing in others' way. Among those
 * that wait, the higher priority goes first, and within one the clients take turns.
 */
export function createGate(options: GateOptions): Gate {
  const { now, maxInFlight, maxWaiting } = options
  const endpoints = new Map<string, Endpoint>()
  /** Clients with something waiting, per priority, in the order of their turns. */
  const turns = new Map(PRIORITIES.map((priority) => [priority, new Map<string, Set<Endpoint>>()]))
  let inFlight = 0
  let waiting = 0
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const endpointOf = ({ webhookId, limits }: Applicant): Endpoint => {
    const known = endpoints.get(webhookId) ?? newEndpoint(webhookId, limits)
    known.limits = limits
    endpoints.set(webhookId, known)
    return known
  }
  const share = (): number => {
    const busy = [...turns.values()].reduce((sum, clients) => sum + clients.size, 0)
    return Math.min(MAX_WAITING_PER_ENDPOINT, Math.max(MIN_WAITING, Math.floor(maxWaiting / (busy + 1))))
  }
  const enter: Gate['enter'] = (applicant) => {
    const endpoint = endpointOf(applicant)
    const refused = closed ? held(MIN_HOLD_MS, 'over_its_share') : refusal(endpoint, applicant, now(), share())
    if (refused !== null) return Promise.resolve(refused)
    return new Promise((resolve) => {
      endpoint.waiting.push({ applicant, settle: resolve })
      waiting += 1
      const clients = turns.get(applicant.priority) ?? new Map()
      clients.set(applicant.clientId, (clients.get(applicant.clientId) ?? new Set()).add(endpoint))
      pump()
    })
  }
  const pump = (): void => {
    const startedAt = now()
    for (const priority of PRIORITIES) {
      const clients = turns.get(priority)
      if (clients === undefined) continue
      // One turn each, then round again, until a whole round admits nobody.
      for (let admitted = true; admitted && inFlight < maxInFlight; ) {
        admitted = false
        for (const [clientId, candidates] of [...clients]) {
          if (inFlight >= maxInFlight) break
          if (!admitOne(priority, clientId, candidates)) continue
          admitted = true
        }
      }
    }
    wakeForRates(startedAt)
  }
  const admitOne = (priority: DeliveryPriority, clientId: string, candidates: Set<Endpoint>): boolean => {
    for (const endpoint of candidates) {
      const index = endpoint.waiting.findIndex(
        ({ applicant }) => applicant.priority === priority && applicant.clientId === clientId,
      )
      const waiter = endpoint.waiting[index]
      if (waiter === undefined) {
        candidates.delete(endpoint)
        continue
      }
      if (!mayGo(endpoint, waiter.applicant, now())) continue
      endpoint.waiting.splice(index, 1)
      waiting -= 1
      // Their next turn comes after everybody else's.
      const clients = turns.get(priority)
      if (clients?.delete(clientId)) clients.set(clientId, candidates)
      admit(endpoint, waiter)
      return true
    }
    if (candidates.size === 0) turns.get(priority)?.delete(clientId)
    return false
  }
  const admit = (endpoint: Endpoint, waiter: Waiter): void => {
    const startedAt = now()
    inFlight += 1
    endpoint.inFlight += 1
    if (endpoint.breaker.state === 'open') endpoint.breaker = { state: 'half-open', openMs: endpoint.breaker.openMs }
    const { ratePerSecond } = endpoint.limits
    if (ratePerSecond !== null) endpoint.nextSlotAt = Math.max(startedAt, endpoint.nextSlotAt) + 1_000 / ratePerSecond
    waiter.settle({
      outcome: 'admitted',
      leave: (report) => {
        inFlight -= 1
        endpoint.inFlight -= 1
        conclude(endpoint, startedAt, report)
        pump()
      },
    })
  }
  const conclude = (endpoint: Endpoint, startedAt: number, report: AttemptReport): void => {
    const time = { startedAt, now: now() }
    endpoint.averageMs += (time.now - startedAt - endpoint.averageMs) / 8
    if (report.waitMs > 0) {
      endpoint.pausedUntil = Math.max(endpoint.pausedUntil, time.now + report.waitMs)
      options.onPause(endpoint.webhookId, report.waitMs)
    }
    const before = endpoint.breaker
    if (report.health !== 'unknown') endpoint.breaker = afterAttempt(before, report.health, time)
    else if (before.state === 'half-open') endpoint.breaker = { state: 'open', until: time.now, openMs: before.openMs }
    const after = endpoint.breaker
    if (before.state === 'closed' && after.state === 'open')
      options.onBreaker({ webhookId: endpoint.webhookId, change: 'opened', openMs: after.openMs })
    if (before.state !== 'closed' && after.state === 'closed')
      options.onBreaker({ webhookId: endpoint.webhookId, change: 'closed', openMs: 0 })
    if (after.state === 'open' || endpoint.pausedUntil > time.now) holdWaiting(endpoint)
    forgetIdle(endpoint)
  }
  const holdWaiting = (endpoint: Endpoint): void => {
    for (const waiter of endpoint.waiting.splice(0)) {
      const refused = refusal(endpoint, waiter.applicant, now(), MAX_WAITING_PER_ENDPOINT)
      if (refused === null) endpoint.waiting.push(waiter)
      else {
        waiting -= 1
        waiter.settle(refused)
      }
    }
  }
  const forgetIdle = (endpoint: Endpoint): void => {
    const isIdle = endpoint.inFlight === 0 && endpoint.waiting.length === 0 && endpoint.breaker === CLOSED
    if (isIdle && Math.max(endpoint.nextSlotAt, endpoint.bookedUntil, endpoint.pausedUntil) <= now())
      endpoints.delete(endpoint.webhookId)
  }
  /**
   * An endpoint waits for its rate's next slot only: nobody else would wake it. Counted from when the round began: a slot
   * that came while it went on, after its endpoint was passed over, would be nobody's.
   */
  const wakeForRates = (roundStartedAt: number): void => {
    clearTimeout(timer)
    if (waiting === 0 || closed) return
    const slots = [...turns.values()]
      .flatMap((clients) => [...clients.values()].flatMap((candidates) => [...candidates]))
      .flatMap(({ nextSlotAt }) => (nextSlotAt > roundStartedAt ? [nextSlotAt] : []))
    if (slots.length > 0) timer = setTimeout(pump, Math.max(1, Math.min(...slots) - now()))
  }
  return {
    enter,
    pause: (webhookId, waitMs) => {
      const endpoint = endpoints.get(webhookId) ?? newEndpoint(webhookId, { concurrency: 1, ratePerSecond: null })
      endpoints.set(webhookId, endpoint)
      endpoint.pausedUntil = Math.max(endpoint.pausedUntil, now() + waitMs)
      holdWaiting(endpoint)
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      for (const endpoint of endpoints.values())
        for (const waiter of endpoint.waiting.splice(0)) waiter.settle(held(MIN_HOLD_MS, 'over_its_share'))
    },
    openBreakers: () => [...endpoints.values()].filter(({ breaker }) => breaker.state !== 'closed').length,
  }
}

function newEndpoint(webhookId: string, limits: EndpointLimits): Endpoint {
  return {
    webhookId,
    limits,
    inFlight: 0,
    waiting: [],
    breaker: CLOSED,
    pausedUntil: 0,
    nextSlotAt: 0,
    bookedUntil: 0,
    averageMs: IDLE_AVERAGE_MS,
  }
}

/** Why it cannot even wait in memory; null when it can. */
function refusal(endpoint: Endpoint, applicant: Applicant, now: number, share: number): Admission | null {
  if (applicant.isManual) return null
  const { breaker } = endpoint
  if (breaker.state === 'open' && breaker.until > now) return book(endpoint, breaker.until, now, 'endpoint_down')
  if (breaker.state === 'half-open') return book(endpoint, now + 1_000, now, 'endpoint_down')
  if (endpoint.pausedUntil > now) return book(endpoint, endpoint.pausedUntil, now, 'asked_to_wait')
  const places = applicant.priority === 'low' ? Math.min(share, MAX_WAITING_LOW) : share
  const isBehind = !applicant.isReturning && endpoint.bookedUntil > now + MIN_HOLD_MS
  if (endpoint.waiting.length < places && !isBehind) return null
  return book(endpoint, now + endpoint.waiting.length * spacingOf(endpoint), now, 'over_its_share')
}

/** Held deliveries get turns one after the other, at the pace the endpoint takes them. */
function book(endpoint: Endpoint, earliest: number, now: number, reason: HoldReason): Admission {
  const at = Math.max(earliest, endpoint.bookedUntil, now + MIN_HOLD_MS) + spacingOf(endpoint)
  endpoint.bookedUntil = Math.min(at, now + MAX_HOLD_MS)
  return held(endpoint.bookedUntil - now, reason)
}

function held(delayMs: number, reason: HoldReason): Admission {
  return { outcome: 'held', delayMs: Math.ceil(delayMs), reason }
}

/** Milliseconds between two attempts where the endpoint is kept busy. */
function spacingOf({ averageMs, limits }: Endpoint): number {
  const byRate = limits.ratePerSecond === null ? 0 : 1_000 / limits.ratePerSecond
  return Math.max(byRate, averageMs / limits.concurrency, 0.5)
}

function mayGo(endpoint: Endpoint, { isManual }: Applicant, now: number): boolean {
  if (endpoint.inFlight >= endpoint.limits.concurrency || endpoint.nextSlotAt > now) return false
  if (isManual) return true
  if (endpoint.breaker.state === 'half-open') return false
  return endpoint.breaker.state === 'closed' || endpoint.breaker.until <= now
}
