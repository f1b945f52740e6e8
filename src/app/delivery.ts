import type { Fact } from '../domain/activity.js'
import type { Delivery } from '../domain/delivery.js'
import { OVERDUE_AFTER_MS } from '../domain/retry.js'
import { pause } from '../lib/wait.js'
import { tellFact } from '../observability/events.js'
import { createGate } from '../processors/deliver/gate.js'
import { createHttpClient } from '../processors/deliver/http-client.js'
import { createTaker, type TakeOutcome, type TakePorts } from '../processors/deliver/take.js'
import { matchWebhooks } from '../processors/dispatch/dispatch.js'
import type { RightOfWay } from '../processors/right-of-way.js'
import { decodeDelivery, encodeDelivery, encodeFact, TRACE_HEADER } from '../stream/codec.js'
import { lastMessage } from '../stream/direct-get.js'
import { type LateMessage, type OverdueWatch, watchOverdue } from '../stream/overdue.js'
import { sharePauses } from '../stream/pauses.js'
import { joinPeers, type Peers } from '../stream/peers.js'
import { MOVED_HEADER, SCHEDULED_HEADER, scheduledDelivery } from '../stream/schedule.js'
import { type Settlement, startWorker, type WorkMessage } from '../stream/worker.js'
import { type Context, mustStore } from './context.js'
import { decodeOrDrop } from './decode.js'
import { traceDeliveries } from './delivery-trace.js'
import { tellBreaker } from './endpoint-notices.js'
import { traceAttempt } from './tracing.js'

/** Messages in hand for each priority: bulk work gets few, so that it never crowds out what is live. */
const LANES = [
  { consumer: 'deliverHigh', concurrency: 128 },
  { consumer: 'deliverMedium', concurrency: 512 },
  { consumer: 'deliverLow', concurrency: 64 },
] as const
const MAX_IN_FLIGHT = 256
const MAX_WAITING = 512
const OVERDUE_EVERY_MS = 15_000

/**
 * The delivering half of the processors role. `stop` waits, at most `drainMs`, for attempts under way; those whose endpoint
 * has not answered by then are handed back as if they had not been made.
 */
export function startDelivering(context: Context, rightOfWay: RightOfWay): { stop(drainMs: number): Promise<void> } {
  const { connection, topology, config, loggers, metrics, tracing } = context
  const http = createHttpClient({ timeoutMs: config.webhookTimeoutMs, allowPrivateTargets: config.allowPrivateTargets })
  const peers = joinPeers(connection, `${topology.streams.deliveries.name}.peers`, context.holder)
  const gate = createGate({
    maxInFlight: MAX_IN_FLIGHT,
    maxWaiting: MAX_WAITING,
    now: () => performance.now(),
    onBreaker: ({ webhookId, change, openMs }) => tellBreaker(context, webhookId, change, openMs),
    onPause: (webhookId, waitMs) => pauses.tell(webhookId, waitMs),
  })
  const pauses = sharePauses(connection, {
    subject: `${topology.streams.deliveries.name}.pauses`,
    holder: context.holder,
    onPause: gate.pause,
  })
  const stopping = new AbortController()
  const overdue = watching(context, stopping.signal)
  const taker = createTaker(createTakePorts(context, { http, gate, peers, overdue }))
  const workers = LANES.map(({ consumer, concurrency }) =>
    startWorker(connection, {
      stream: topology.consumers[consumer].stream,
      durable: topology.consumers[consumer].config.durable_name,
      concurrency,
      handle: async (message) => {
        const read = decodeOrDrop(() => decodeDelivery(message.data), message, context)
        if (read === undefined) return { settle: 'done' }
        const delivery = tracing === undefined ? read : { ...read, traceparent: message.header(TRACE_HEADER) }
        const isReturning = message.header(SCHEDULED_HEADER) !== undefined || message.header(MOVED_HEADER) !== undefined
        if (isReturning) overdue.watch?.arrived(scheduledSubject(context, delivery))
        const mayBeRepeat = message.isOld || message.deliveryCount > 1 || isReturning
        return rightOfWay.take(delivery.priority === 'low', async () => {
          const isSuperseded = (): Promise<boolean> => hasSuccessor(context, delivery, message)
          const outcome = await taker.take({ delivery, mayBeRepeat, isReturning, isLost: message.isLost, isSuperseded })
          measure(context, delivery, outcome)
          return settlementOf(outcome)
        })
      },
      onError: (error, where) => loggers.deliver.warn({ err: error, where }, 'deliver could not go on; trying again'),
    }),
  )
  metrics.readOpenBreakers(gate.openBreakers)
  return {
    stop: async (drainMs) => {
      stopping.abort()
      const stopped = workers.map((worker) => worker.stop(drainMs))
      gate.close()
      await Promise.all(stopped)
      peers.close()
      pauses.close()
      await http.close()
    },
  }
}

function settlementOf(taken: TakeOutcome): Settlement {
  switch (taken.outcome) {
    case 'again':
      return { settle: 'again', delayMs: taken.delayMs }
    case 'attempted':
    case 'given_up':
    case 'held':
    case 'repeat':
    case 'lost':
      return { settle: 'done' }
  }
}

/** Counted with what was waited for: a delivery that was throttled or tried again is as late as it is. */
function measure({ metrics, now }: Context, delivery: Delivery, taken: TakeOutcome): void {
  if (taken.outcome === 'held') metrics.held(taken.reason)
  if (taken.outcome === 'repeat') metrics.held('repeat')
  if (taken.outcome !== 'attempted') return
  const { provider, result, response, trigger } = taken.fact
  metrics.attempted({ provider, result, trigger, durationMs: response.responseTimeMs })
  if (result === 'delivered') metrics.delivered(provider, now().getTime() - Date.parse(delivery.queuedAt))
}

/**
 * Does what nats-server did not (it forgets schedules that fire while its disk is full): the delivery to the queue, then
 * the schedule away. Should both happen, the fact of the attempt tells the second that it is a repeat.
 */
async function moveOn({ connection, topology, publishers }: Context, late: LateMessage): Promise<void> {
  const { subject, target, data, at } = late
  const headers = { [MOVED_HEADER]: '1', 'Nats-Msg-Id': `${subject}.${at.getTime()}`, ...traceHeaders(late) }
  await mustStore(publishers.deliveries.publish({ subject: target, data, headers }))
  await connection.jsm.streams.purge(topology.streams.deliveries.name, { filter: subject })
}

type Watching = { watch: OverdueWatch | undefined }

/** Retries that are late by more than a minute: a gauge, and an error for an operator. */
function watching(context: Context, signal: AbortSignal): Watching {
  const { connection, topology, loggers, metrics, now } = context
  const state: Watching = { watch: undefined }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        state.watch ??= await watchOverdue(connection, {
          stream: topology.streams.deliveries.name,
          subjects: topology.subjects.deliveriesScheduled,
        })
        const late = await state.watch.late(OVERDUE_AFTER_MS, now())
        metrics.setOverdueSchedules(late.length)
        if (late.length > 0) loggers.deliver.error({ late: late.length }, 'retries are overdue; moving them on')
        for (const message of late) await moveOn(context, message)
      } catch (error) {
        loggers.deliver.warn({ err: error }, 'looking for overdue retries failed; trying again')
      }
      await pause(OVERDUE_EVERY_MS, signal)
    }
  }
  void run()
  return state
}

function addressOf({ webhookId, event, trigger, priority }: Delivery) {
  return { webhookId, eventId: event.id, trigger, priority }
}

function scheduledSubject({ topology }: Context, delivery: Delivery): string {
  return topology.subjects.deliveryScheduled(addressOf(delivery))
}

/** Whether the delivery waits for its time, or came again after this message. In this order: it may become ready in between. */
async function hasSuccessor(context: Context, delivery: Delivery, message: WorkMessage): Promise<boolean> {
  const { connection, topology } = context
  const stream = topology.streams.deliveries.name
  if ((await lastMessage(connection, stream, scheduledSubject(context, delivery))) !== null) return true
  const newest = await lastMessage(connection, stream, message.subject)
  return newest !== null && newest.sequence > message.sequence
}

/** @param dedupeId a delivery with the same one is queued once within the hour */
export function enqueue({ publishers, topology }: Context, delivery: Delivery, dedupeId: string): Promise<void> {
  const subject = topology.subjects.deliveryReady(addressOf(delivery))
  const headers = { 'Nats-Msg-Id': dedupeId, ...traceHeaders(delivery) }
  return mustStore(publishers.deliveries.publish({ subject, data: encodeDelivery(delivery), headers }))
}

/** Deliveries that no processor has taken yet; replays, which go after them, do not count. */
export async function countWaitingLive({ connection, topology }: Context): Promise<number> {
  const { deliverHigh, deliverMedium } = topology.consumers
  const lanes = await Promise.all(
    [deliverHigh, deliverMedium].map(({ stream, config }) =>
      connection.jsm.consumers.info(stream, config.durable_name),
    ),
  )
  return lanes.reduce((sum, { num_pending }) => sum + num_pending, 0)
}

function traceHeaders({ traceparent }: Pick<Delivery, 'traceparent'>): Readonly<Record<string, string>> | undefined {
  return traceparent === undefined ? undefined : { [TRACE_HEADER]: traceparent }
}

/** Resolves when the fact is durable; throws when it cannot be. */
export async function recordFact({ publishers, topology, loggers }: Context, fact: Fact): Promise<void> {
  const { subjects } = topology
  const subject = fact.kind === 'attempted' ? subjects.attempted(fact) : subjects.activity(fact.clientId, fact.kind)
  await mustStore(publishers.activity.publish({ subject, data: encodeFact(fact) }))
  tellFact(loggers.events, fact)
}

type Parts = Pick<TakePorts, 'http' | 'gate'> & { readonly peers: Peers; readonly overdue: Watching }

function createTakePorts(context: Context, { http, gate, peers, overdue }: Parts): TakePorts {
  const { publishers, topology, directory, connection, tracing, now } = context
  const { subjects } = topology
  return {
    http,
    gate,
    monotonic: () => performance.now(),
    peers: peers.count,
    ...traceDeliveries(context),
    findClient: directory.find,
    ...(tracing && { traceAttempt: (delivery, webhook) => traceAttempt(tracing, delivery, webhook) }),
    schedule: async (delivery, at) => {
      const message = scheduledDelivery(subjects, {
        ...addressOf(delivery),
        data: encodeDelivery(delivery),
        headers: traceHeaders(delivery),
        at,
      })
      overdue.watch?.expect(message.subject, at)
      await mustStore(publishers.deliveries.publish(message))
    },
    cancelScheduled: async (delivery) => {
      await connection.jsm.streams.purge(topology.streams.deliveries.name, {
        filter: subjects.deliveryScheduled({ ...addressOf(delivery), trigger: 'automatic' }),
      })
    },
    bury: (delivery, fact) =>
      mustStore(
        publishers.deadLetters.publish({
          subject: subjects.deadLetter(delivery.webhookId, delivery.event.id),
          data: encodeDelivery(delivery),
          headers: { 'Orderwire-Reason': fact.deadReason ?? '' },
        }),
      ),
    raise: async (event, exceptWebhookId) => {
      const webhooks = matchWebhooks(directory.find(event.clientId), event).filter(({ id }) => id !== exceptWebhookId)
      const at = now().toISOString()
      const common = { v: 1, event, attempt: 1, trigger: 'automatic', priority: 'high', after: null } as const
      for (const { id: webhookId } of webhooks)
        await enqueue(context, { ...common, webhookId, queuedAt: at, payload: 'null' }, `${event.id}.${webhookId}`)
      const { id: eventId, provider, clientId, source } = event
      const base = { v: 1, kind: 'dispatched', at, eventId, provider, clientId, eventType: source.eventType } as const
      await recordFact(context, { ...base, event, webhookIds: webhooks.map(({ id }) => id) })
    },
    record: (fact) => recordFact(context, fact),
    now,
  }
}
