import type { AttemptedFact } from '../../domain/activity.js'
import type { Delivery } from '../../domain/delivery.js'

/** What became of a delivery, as the streams tell. */
export type DeliveryTrace = {
  /** The newest fact of its automatic attempts, and of those asked for by hand. */
  readonly automatic: AttemptedFact | null
  readonly byHand: AttemptedFact | null
}

/** `settled`: delivered or given up; the next of the order may go. Else when to look again. */
export type PredecessorState =
  | { readonly state: 'settled' }
  | { readonly state: 'open'; readonly lookAgainInMs: number }

/** A predecessor that never reached the queue (its dispatch died for good) holds nobody up for longer. */
export const MISSING_AFTER_MS = 60_000
const MIN_WAIT_MS = 100
const MAX_WAIT_MS = 5_000

/**
 * Whether the event before this one has been dealt with. The fact of an attempt is durable before its message is
 * acknowledged, so this holds across processes and restarts, and costs the queue nothing.
 * @param missingForMs how long this process has found it neither attempted nor on the queue, by its monotonic clock: two processes' clocks may differ
 */
export function judgePredecessor(
  delivery: Delivery,
  trace: DeliveryTrace,
  { now, missingForMs }: { readonly now: Date; readonly missingForMs: number },
): PredecessorState {
  const { automatic, byHand } = trace
  if (byHand?.result === 'delivered') return { state: 'settled' }
  const age = now.getTime() - Date.parse(delivery.queuedAt)
  if (automatic === null) {
    if (missingForMs > MISSING_AFTER_MS) return { state: 'settled' }
    return { state: 'open', lookAgainInMs: clamp(age / 4) }
  }
  if (automatic.result !== 'retrying') return { state: 'settled' }
  const dueInMs = Date.parse(automatic.nextAttemptAt ?? automatic.at) - now.getTime()
  return { state: 'open', lookAgainInMs: dueInMs > 0 ? dueInMs + MIN_WAIT_MS : clamp(-dueInMs / 2) }
}

function clamp(ms: number): number {
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, ms))
}
