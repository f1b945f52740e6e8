import type { Client, Webhook } from '../domain/client.js'
import { changeClient } from '../graph/operations/save-client.js'
import type { ReplayJob } from '../graph/ports.js'
import type { DispatchPorts } from '../processors/dispatch/dispatch.js'
import { createResourceClient, type ResourceClient } from '../processors/dispatch/fetch-resource.js'
import type { InOrder, RecordPorts } from '../processors/record/ports.js'
import { startRecord } from '../processors/record/run.js'
import { type ReplayPorts, startReplays } from '../processors/replay/replay.js'
import { startRetention } from '../processors/retention/retention.js'
import { createRightOfWay } from '../processors/right-of-way.js'
import { decodeFact, decodeReceived, EVENT_HEADER } from '../stream/codec.js'
import { firstSequence } from '../stream/first-sequence.js'
import { createOrderLogs } from '../stream/order-logs.js'
import { createReader, type StreamRecord } from '../stream/reader.js'
import type { Context } from './context.js'
import { decodeOrDrop } from './decode.js'
import { countWaitingLive, enqueue, recordFact, startDelivering } from './delivery.js'
import { startDispatching } from './dispatching.js'
import { publishNotice } from './endpoint-notices.js'

const RESOURCE_TIMEOUT_MS = 10_000

/** The processors role: dispatch → deliver, and record beside them. `drainMs`: what work under way may take before it is handed back. */
export function startProcessors(context: Context): { stop(drainMs: number): Promise<void> } {
  const { config, loggers, metrics } = context
  const resources = createResourceClient({
    timeoutMs: RESOURCE_TIMEOUT_MS,
    allowPrivateTargets: config.allowPrivateTargets,
    now: () => context.now().getTime(),
  })
  const dispatchPorts = createDispatchPorts(context, resources)
  const rightOfWay = createRightOfWay(() => performance.now())
  const dispatching = startDispatching(context, dispatchPorts, rightOfWay)
  const delivering = startDelivering(context, rightOfWay)
  const recording = startRecord(createRecordPorts(context), {
    holder: context.holder,
    onError: (error) => loggers.record.warn({ err: error }, 'the read model cannot be written; trying again'),
    onBatch: metrics.recorded,
  })
  const retaining = startRetention(context.store.retention, {
    policy: config.retention,
    now: context.now,
    onSwept: (removed, left) => metrics.swept(removed, left),
    onError: (error) => loggers.store.warn({ err: error }, 'what is past its time cannot be removed; trying again'),
  })
  const replaying = startReplays(createReplayPorts(context), {
    onError: (error) => loggers.deliver.warn({ err: error }, 'a replay could not go on; trying again'),
  })
  return {
    stop: async (drainMs) => {
      // Another process can go on at once with what this one leaves: nothing has to wait for anything.
      await Promise.all([
        replaying.stop(),
        retaining.stop(),
        dispatching.stop(drainMs),
        delivering.stop(drainMs),
        recording.stop(),
      ])
      await resources.close()
    },
  }
}

function createDispatchPorts(context: Context, { fetchResource }: ResourceClient): DispatchPorts {
  const { connection, topology, publishers, directory, config, now } = context
  return {
    providers: context.providers,
    fetchResource,
    apiOf: (provider) => config.platformApis[provider],
    findClient: directory.find,
    isResend: async (event, sequence) => {
      const subjects = topology.subjects.webhookAnywhere(event.provider, event.clientId, event.eventId)
      const first = await firstSequence(connection, topology.streams.webhooks.name, subjects)
      return first !== null && first < sequence
    },
    enqueue: (delivery) => enqueue(context, delivery, `${delivery.event.id}.${delivery.webhookId}`),
    record: (fact) => recordFact(context, fact),
    now,
    ...createOrderLogs(connection, {
      stream: topology.streams.orders.name,
      subjects: topology.subjects,
      publisher: publishers.orders,
    }),
  }
}

function createRecordPorts(context: Context): RecordPorts {
  const { connection, topology, store, loggers } = context
  const inOrder = <T>(stream: string, after: number, decode: (record: StreamRecord) => T): InOrder<T> => {
    const reader = createReader(connection, {
      stream,
      after,
      onError: (error) => loggers.record.warn({ err: error }, 'reading a stream failed; trying again'),
    })
    return {
      close: reader.close,
      read: async (max, waitMs, signal) =>
        (await reader.read(max, waitMs, signal)).flatMap((record) => {
          const value = decodeOrDrop(() => decode(record), record, context)
          return value === undefined ? [] : [{ sequence: record.sequence, value }]
        }),
    }
  }
  return {
    readModel: store.readModel,
    readReceived: (after) =>
      inOrder(topology.streams.webhooks.name, after, (record) =>
        decodeReceived(record.header(EVENT_HEADER) ?? '', record.data),
      ),
    readFacts: (after) => inOrder(topology.streams.activity.name, after, (record) => decodeFact(record.data)),
    disableWebhook: ({ clientId, webhookId, at }) => disableWebhook(context, clientId, webhookId, at),
  }
}

/** Live deliveries waiting beyond this are let go first. */
const BUSY_DELIVERIES = 500

function createReplayPorts(context: Context): ReplayPorts<ReplayJob> {
  const { store, holder, directory, now } = context
  return {
    take: (ttlMs) => store.replays.takeReplay(holder, ttlMs),
    nextLogs: ({ filter, position }, limit) =>
      store.logs.listLogs(filter, { limit, ...(position && { after: position }) }),
    advance: (id, progress, ttlMs) => store.replays.advanceReplay(id, holder, progress, ttlMs),
    end: (id, end) => store.replays.endReplay(id, holder, { ...end, updatedAt: now().toISOString() }),
    release: (id) => store.replays.releaseReplay(id, holder),
    findClient: directory.find,
    enqueue: (delivery, dedupeId) => enqueue(context, delivery, dedupeId),
    isBusy: async () => (await countWaitingLive(context)) > BUSY_DELIVERIES,
    now,
  }
}

/** The endpoint answered 410: nothing more is sent there, and the registration says why. One that was changed since is left alone. */
async function disableWebhook(context: Context, clientId: string, webhookId: string, at: string): Promise<void> {
  const { store, distribute, now } = context
  const gone = (client: Client | null): Webhook | undefined =>
    client?.webhooks.find(({ id, status, updatedAt }) => id === webhookId && status === 'active' && updatedAt <= at)
  const known = await store.clients.findClient(clientId)
  const webhook = known === null ? undefined : gone(known)
  if (known === null || webhook === undefined) return
  const disabled = {
    status: 'disabled',
    disabledReason: 'The endpoint answered 410 Gone',
    updatedAt: now().toISOString(),
  } as const
  await changeClient(
    clientId,
    (client) => {
      const current = client ?? known
      return {
        ...current,
        webhooks: current.webhooks.map((each) => (each === gone(current) ? { ...each, ...disabled } : each)),
      }
    },
    { clients: { ...store.clients, distributeClient: distribute } },
  )
  const { provider, url } = webhook
  await publishNotice(context, {
    v: 1,
    kind: 'endpoint_disabled',
    at: now().toISOString(),
    clientId,
    webhookId,
    provider,
    url,
    reason: disabled.disabledReason,
  })
}
