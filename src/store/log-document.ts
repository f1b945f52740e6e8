import { attemptsByWebhook, deadDeliveries, decidingAttempt, deliveryStates } from '../domain/delivery-state.js'
import { type CanonicalEvent, orderIdIn } from '../domain/event.js'
import type { Attempt, Log } from '../domain/log.js'
import type { Counted, LogCount } from './buckets.js'
import { referencesOf } from './orders.js'

/**
 * A log as stored: times as dates for the indexes; the canonical event as text, since platforms' words may stand in its
 * keys; and what the queries need beside it.
 */
export type LogDocument = Omit<Log, 'id' | 'timestamp' | 'canonical' | 'webhookIds' | 'attempts' | 'resends'> & {
  readonly _id: string
  readonly timestamp: Date
  readonly canonical: string | null
  readonly webhookIds: string[] | null
  readonly attempts: Attempt[]
  readonly resends: number[]
  /** When the next retry is due, while one is. */
  readonly nextAttemptAt: Date | null
  readonly orderId: string | null
  /** The canonical type; null until dispatched. */
  readonly type: string | null
  /** Every id of its order, to find it by. */
  readonly references: string[]
  /** Deliveries under way and given up, and of the latter whose and why. */
  readonly pendingDeliveries: number
  readonly deadDeliveries: number
  readonly dead: { readonly webhookId: string; readonly reason: string }[]
  /** Set once its customer's data is taken out. */
  readonly isRedacted?: boolean
  /** Of the writer that wrote it last. */
  readonly epoch: number
  /** What stats had of it before the batch that wrote it last. */
  readonly counted?: Counted<LogCount>
}

/** Everything but the payload, which is written once and kept. */
export function toLogFields(log: Log, epoch: number): Omit<LogDocument, '_id' | 'payload' | 'counted'> {
  const { id: _id, payload: _payload, timestamp, canonical, webhookIds, attempts, resends, ...rest } = log
  const states = deliveryStates(log)
  const dead = deadDeliveries(log)
  const orderId = canonical === null ? null : orderIdIn(canonical)
  return {
    ...rest,
    timestamp: new Date(timestamp),
    canonical: canonical === null ? null : JSON.stringify(canonical),
    webhookIds: webhookIds === null ? null : [...webhookIds],
    attempts: [...attempts],
    resends: [...resends],
    nextAttemptAt: log.stage === 'retrying' ? earliest(attempts) : null,
    orderId,
    type: canonical?.type ?? null,
    references: [
      ...(orderId === null ? [] : [orderId]),
      ...referencesOf(canonical?.data.order),
      ...externalIdIn(canonical),
    ],
    pendingDeliveries: states.filter(({ state }) => state === 'pending').length,
    deadDeliveries: dead.length,
    dead: dead.map(({ webhookId, reason }) => ({ webhookId, reason })),
    epoch,
  }
}

export function fromLogDocument(document: Omit<LogDocument, 'payload'> & { readonly payload?: string | null }): Log {
  const {
    _id: id,
    timestamp,
    canonical,
    payload,
    nextAttemptAt: _next,
    orderId: _order,
    type: _type,
    references: _references,
    pendingDeliveries: _pending,
    deadDeliveries: _deadCount,
    dead: _dead,
    isRedacted: _redacted,
    epoch: _epoch,
    counted: _counted,
    ...rest
  } = document
  // Our own text, written by toLogFields.
  const event = canonical === null ? null : (JSON.parse(canonical) as CanonicalEvent)
  return { ...rest, id, timestamp: timestamp.toISOString(), payload: payload ?? null, canonical: event }
}

/** The platform's id of the order whose status an event reports. */
function externalIdIn(canonical: CanonicalEvent | null): string[] {
  const externalId = canonical?.data.change?.orderExternalId ?? null
  return externalId === null || canonical?.data.order?.externalId === externalId ? [] : [externalId]
}

/** Of the retries that are scheduled, the one due first. */
function earliest(attempts: readonly Attempt[]): Date | null {
  const due = [...attemptsByWebhook(attempts).values()].flatMap((tried) => {
    const last = decidingAttempt(tried)
    return last?.result === 'retrying' && last.nextAttemptAt !== null ? [last.nextAttemptAt] : []
  })
  const [first] = due.sort()
  return first === undefined ? null : new Date(first)
}
