import type { AttemptedFact, Fact } from '../../domain/activity.js'
import { attemptsByWebhook, decidingAttempt } from '../../domain/delivery-state.js'
import type { ReceivedEvent } from '../../domain/event.js'
import type { Attempt, Log, LogStage, LogStatus } from '../../domain/log.js'

/** Resends remembered one by one; more of them say nothing new. */
const MAX_RESENDS = 100

/**
 * An event's log from everything known of it. Both functions may be given the same thing twice, and things in any
 * order: the log comes out the same. That is what makes redelivery, replay and a lost database harmless.
 */
export function mergeReceived(log: Log | null, event: ReceivedEvent): Log {
  const known = log ?? emptyLog(event.eventId, event)
  // A resend carries the same id; what came first stands.
  if (known.profile !== null && known.timestamp < event.receivedAt) return known
  return settle({
    ...known,
    profile: event.profile,
    timestamp: event.receivedAt,
    payload: Buffer.from(event.body).toString('utf8'),
  })
}

export function applyFact(log: Log | null, fact: Fact): Log {
  const known = log ?? emptyLog(fact.eventId, fact)
  switch (fact.kind) {
    case 'dispatched':
      return settle({
        ...known,
        profile: fact.event.source.profile,
        timestamp: firstReceived(known, fact.event.receivedAt),
        canonical: fact.event,
        webhookIds: fact.webhookIds,
      })
    case 'duplicate':
      return settle({
        ...known,
        resends: [...new Set([...known.resends, fact.sequence])].sort((a, b) => a - b).slice(0, MAX_RESENDS),
      })
    case 'attempted':
      return settle({ ...known, attempts: withAttempt(known.attempts, attemptOf(fact)) })
    case 'rejected':
      return {
        ...known,
        timestamp: fact.at,
        status: 'failed',
        stage: 'rejected',
        error: `${fact.code}: ${fact.message}`,
      }
  }
}

/** A resend taken in by an instance whose clock is behind bears the earlier time: that one stands, whatever is folded first. */
function firstReceived({ profile, timestamp }: Log, receivedAt: string): string {
  return profile !== null && timestamp < receivedAt ? timestamp : receivedAt
}

function emptyLog(
  id: string,
  about: Pick<Fact, 'provider' | 'clientId' | 'eventType'> & { readonly at?: string; readonly receivedAt?: string },
): Log {
  return {
    id,
    provider: about.provider,
    clientId: about.clientId,
    profile: null,
    event: about.eventType,
    status: 'pending',
    stage: 'received',
    timestamp: about.receivedAt ?? about.at ?? '',
    payload: null,
    canonical: null,
    webhookIds: null,
    attempts: [],
    responseTime: null,
    resends: [],
    error: null,
  }
}

function attemptOf(fact: AttemptedFact): Attempt {
  const { webhookId, url, attempt, trigger, queuedAt, at, response, result, nextAttemptAt, deadReason } = fact
  return {
    webhookId,
    url,
    attempt,
    trigger,
    ...(queuedAt !== undefined && { queuedAt }),
    at,
    statusCode: response.statusCode,
    responseTime: response.responseTimeMs,
    response: response.body,
    error: response.error,
    result,
    nextAttemptAt,
    deadReason,
  }
}

/** An attempt made twice (we died between making and acknowledging it) stands once: a delivered one before others, then the earlier. */
function withAttempt(attempts: readonly Attempt[], added: Attempt): readonly Attempt[] {
  const key = keyOf(added)
  const twin = attempts.find((attempt) => keyOf(attempt) === key)
  const kept = twin !== undefined && !precedes(added, twin) ? twin : added
  return [...attempts.filter((attempt) => keyOf(attempt) !== key), kept].sort(byTime)
}

/** Two that were asked for by hand at the same time have one number: when they were queued tells them apart. */
function keyOf({ webhookId, attempt, trigger, queuedAt }: Attempt): string {
  return `${webhookId} ${trigger} ${attempt}${trigger === 'manual' ? ` ${queuedAt}` : ''}`
}

function precedes(a: Attempt, b: Attempt): boolean {
  if ((a.result === 'delivered') !== (b.result === 'delivered')) return a.result === 'delivered'
  return a.at !== b.at ? a.at < b.at : JSON.stringify(a) < JSON.stringify(b)
}

function byTime(a: Attempt, b: Attempt): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : keyOf(a) < keyOf(b) ? -1 : 1
}

/** Status, stage and what follows from the attempts. */
function settle(log: Log): Log {
  const { status, stage } = judge(log)
  return { ...log, status, stage, error: errorOf(log), responseTime: log.attempts.at(-1)?.responseTime ?? null }
}

/** Why the event has not arrived everywhere: the last failure of a delivery that is not delivered. */
function errorOf({ attempts }: Log): string | null {
  const delivered = new Set(attempts.filter(({ result }) => result === 'delivered').map(({ webhookId }) => webhookId))
  const failure = attempts.filter(({ webhookId }) => !delivered.has(webhookId)).at(-1)
  return failure === undefined ? null : (failure.error ?? `HTTP ${failure.statusCode}`)
}

type Verdict = { readonly status: LogStatus; readonly stage: LogStage }

function judge({ webhookIds, attempts }: Log): Verdict {
  if (webhookIds === null && attempts.length === 0) return { status: 'pending', stage: 'received' }
  if (webhookIds?.length === 0 && attempts.length === 0) return { status: 'success', stage: 'dispatched' }
  const tried = attemptsByWebhook(attempts)
  const concerned = new Set([...(webhookIds ?? []), ...tried.keys()])
  const states = [...concerned].map((webhookId) => decidingAttempt(tried.get(webhookId) ?? [])?.result ?? 'open')
  if (states.includes('retrying')) return { status: 'pending', stage: 'retrying' }
  if (states.includes('open')) return { status: 'pending', stage: 'delivering' }
  if (states.includes('dead')) return { status: 'failed', stage: 'dead' }
  return { status: 'success', stage: 'delivered' }
}
