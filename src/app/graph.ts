import { type Client, clientSettingsSchema } from '../domain/client.js'
import type { DeliveryPriority } from '../domain/delivery.js'
import type { CanonicalEvent } from '../domain/event.js'
import type { Log } from '../domain/log.js'
import { manualDedupeId, manualDelivery } from '../domain/manual-delivery.js'
import { createAuthenticator } from '../graph/auth.js'
import { dashboardOperations } from '../graph/dashboard.js'
import { ApiError } from '../graph/errors.js'
import { createGraph, type Graph } from '../graph/graph.js'
import { readPersistedOperations } from '../graph/persisted.js'
import type { ActivityFeed, ActivityRecord, GraphPorts, Listed } from '../graph/ports.js'
import { matchAddresses } from '../http/client-address.js'
import { pause } from '../lib/wait.js'
import { deliveryBody } from '../processors/deliver/envelope.js'
import { isAway } from '../store/is-away.js'
import { decodeFact } from '../stream/codec.js'
import { firstPayload } from '../stream/first-sequence.js'
import { type Live, LiveError } from '../stream/live.js'
import type { Context } from './context.js'
import { enqueue, recordFact } from './delivery.js'
import type { Following } from './following.js'
import { readHealth } from './health.js'
import type { LiveMetrics } from './live-metrics.js'

/** How often what the database says is compared with what is in force. */
const REPAIR_MS = 15_000

/** The graph role: the API, the dashboard, and the loop that keeps the distributed configuration in step. */
export function startGraph(context: Context, { activity, metrics }: Following): Graph & { stop(): Promise<void> } {
  const { loggers, config, secrets, now } = context
  const repairing = new AbortController()
  const repair = repairLoop(context, repairing.signal)
  const { persistedOperations: file, ...api } = config.api
  const graph = createGraph({
    ports: createGraphPorts(context, activity, metrics),
    authenticate: createAuthenticator({ ...api, secret: secrets.jwtSecret, now }),
    switches: {
      ...api,
      ...(file !== undefined && {
        persistedOperations: new Map([...dashboardOperations(), ...readPersistedOperations(file)]),
      }),
    },
    baseUrl: config.baseUrl,
    isTrustedProxy: matchAddresses(config.trustedProxies),
    defaults: clientSettingsSchema.parse({ security: { rateLimiting: config.rateLimit } }),
    onError: (error) => loggers.graph.error({ err: error }, 'the API failed'),
  })
  context.metrics.watchSockets(graph.sockets.connections)
  return {
    ...graph,
    stop: async () => {
      graph.close()
      repairing.abort()
      await repair
    },
  }
}

function createGraphPorts(context: Context, live: Live, liveMetrics: LiveMetrics): GraphPorts {
  const { store, now } = context
  return {
    providers: context.providers,
    logs: tellAway(store.logs),
    stats: tellAway(store.stats),
    analytics: tellAway(store.analytics),
    orders: tellAway(store.orders),
    menus: tellAway(store.menus),
    clients: { ...tellAway(store.clients), distributeClient: context.distribute },
    audit: tellAway(store.audit),
    replays: tellAway(store.replays),
    bodies: { deliveryBody: (event) => findDeliveryBody(context, event) },
    tests: { sendTest: (event, payload, webhookId) => sendTest(context, event, payload, webhookId) },
    deadLetters: {
      ...tellAway(store.deadLetters),
      redrive: (log, webhookIds) => requestAttempts(context, log, webhookIds, 'low'),
    },
    retries: {
      ...tellAway(store.retryStats),
      requestRetry: (log, webhookIds) => requestAttempts(context, log, webhookIds, 'high'),
    },
    activity: createFeed(live),
    metrics: {
      readMetrics: liveMetrics.read,
      readMetricsHistory: async (sinceMs) =>
        (await liveMetrics.history()).filter(({ at }) => Date.parse(at) >= sinceMs),
    },
    alerts: {
      listAlerts: context.alerts.list,
      findAlert: context.alerts.find,
      acknowledge: context.alerts.acknowledge,
      onChange: context.alerts.onChange,
    },
    health: () => readHealth(context),
    now,
  }
}

async function requestAttempts(
  context: Context,
  log: Log,
  webhookIds: readonly string[],
  priority: DeliveryPriority,
): Promise<void> {
  for (const webhookId of webhookIds) {
    const delivery = manualDelivery(log, webhookId, { priority, queuedAt: context.now().toISOString() })
    if (delivery === null) throw new ApiError('CONFLICT', 'The payload of this event is no longer kept')
    await enqueue(context, delivery, manualDedupeId(delivery))
  }
}

/** What a client is sent of an event: its first message in the stream has the payload. */
async function findDeliveryBody(context: Context, event: CanonicalEvent): Promise<string | null> {
  const { connection, topology } = context
  const subjects = topology.subjects.webhookAnywhere(event.provider, event.clientId, event.id)
  const payload = await firstPayload(connection, topology.streams.webhooks.name, subjects)
  if (payload === null) return null
  return deliveryBody({ event, attempt: 1, payload })
}

/** The delivery before the fact, as dispatch does it; the queue takes one of each event and webhook. */
async function sendTest(context: Context, event: CanonicalEvent, payload: string, webhookId: string): Promise<void> {
  const delivery = {
    v: 1,
    event,
    webhookId,
    attempt: 1,
    trigger: 'automatic',
    priority: 'high',
    after: null,
    queuedAt: event.receivedAt,
    payload,
  } as const
  await enqueue(context, delivery, `${event.id}.${webhookId}`)
  const { id: eventId, provider, clientId, receivedAt: at, source } = event
  const about = { v: 1, at, eventId, provider, clientId, eventType: source.eventType } as const
  await recordFact(context, { ...about, kind: 'dispatched', event, webhookIds: [webhookId] })
}

type AsyncFunction = (...args: never[]) => Promise<unknown>

/** The same functions; a database that is away is told as such, and not as something broken. */
function tellAway<T extends { readonly [name in keyof T]: AsyncFunction }>(port: T): T {
  const told =
    (call: AsyncFunction): AsyncFunction =>
    async (...args) => {
      try {
        return await call(...args)
      } catch (error) {
        if (!isAway(error)) throw error
        throw new ApiError('UNAVAILABLE', 'The database is away; orders are still taken and delivered. Try again soon')
      }
    }
  // Object.fromEntries forgets the names; each function keeps its own signature.
  return Object.fromEntries(Object.entries<AsyncFunction>(port).map(([name, call]) => [name, told(call)])) as T
}

function createFeed(live: Live): ActivityFeed {
  return {
    subscribe: ({ after, signal }) => facts(live, after === undefined ? { signal } : { after: Number(after), signal }),
  }
}

async function* facts(live: Live, options: Parameters<Live['subscribe']>[0]): AsyncGenerator<ActivityRecord> {
  try {
    for await (const { sequence, data } of live.subscribe(options))
      yield { cursor: String(sequence), fact: decodeFact(data) }
  } catch (error) {
    if (!(error instanceof LiveError)) throw error
    throw new ApiError(error.reason === 'expired' ? 'CURSOR_EXPIRED' : 'LAGGED', error.message)
  }
}

const REPAIR_PAGE = 100

async function repairAll({ store, directory, distribute }: Context, signal: AbortSignal): Promise<void> {
  let page: { readonly limit: number; readonly after?: string } | null = { limit: REPAIR_PAGE }
  while (page !== null && !signal.aborted) {
    const { items, hasMore }: Listed<Client> = await store.clients.listClientPage(page)
    for (const client of items)
      if ((directory.find(client.clientId)?.version ?? 0) < client.version) await distribute(client)
    const last = items.at(-1)
    page = hasMore && last !== undefined ? { limit: REPAIR_PAGE, after: last.clientId } : null
  }
}

/** Heals a distribution that was missed: a mutation writes the database first, and may die before the bucket. */
async function repairLoop(context: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await repairAll(context, signal)
    } catch (error) {
      context.loggers.graph.warn({ err: error }, 'comparing configuration failed; trying again')
    }
    await pause(REPAIR_MS, signal)
  }
}
