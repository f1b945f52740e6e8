import type { Fact } from '../../src/domain/activity.js'
import { type Client, clientSettingsSchema } from '../../src/domain/client.js'
import type { Log } from '../../src/domain/log.js'
import { type ActivityRecord, CursorExpiredError, type GraphPorts } from '../../src/graph/ports.js'
import { createBell } from '../../src/lib/wait.js'
import { providers } from './providers.js'

export const NOW = new Date('2026-03-14T17:05:12.000Z')

/** The API's ports kept in memory: what tests put in, and what the API asked of the rest of the system. */
export type MemoryPorts = {
  readonly ports: GraphPorts
  readonly logs: Log[]
  readonly clients: Map<string, Client>
  readonly distributed: Client[]
  readonly retried: { readonly logId: string; readonly webhookIds: readonly string[] }[]
  /** Appends to the activity stream; answers its cursor. */
  append(fact: Fact): string
  /** Subscriptions that have not been aborted or ended. */
  subscriptions(): number
  /** Cursors before this one are no longer kept. */
  keepFrom: number
}

export function createMemoryPorts(overrides: Partial<GraphPorts> = {}): MemoryPorts {
  const logs: Log[] = []
  const clients = new Map<string, Client>()
  const distributed: Client[] = []
  const retried: MemoryPorts['retried'][number][] = []
  const activity = createMemoryActivity()
  const matching = (filter: { provider?: string; clientId?: string; status?: string }) =>
    logs
      .filter(
        (log) =>
          (!filter.provider || log.provider === filter.provider) &&
          (!filter.clientId || log.clientId === filter.clientId) &&
          (!filter.status || log.status === filter.status),
      )
      .sort((a, b) => (`${b.timestamp}${b.id}` < `${a.timestamp}${a.id}` ? -1 : 1))
  const ports: GraphPorts = {
    providers,
    logs: {
      findLog: async (id) => logs.find((log) => log.id === id) ?? null,
      listLogs: async (filter, { limit, offset = 0, after }) => {
        const rest = matching(filter)
          .filter((log) => after === undefined || `${log.timestamp}${log.id}` < `${after.timestamp}${after.id}`)
          .slice(offset)
        return { logs: rest.slice(0, limit), hasMore: rest.length > limit }
      },
      countLogs: async (filter) => matching(filter).length,
    },
    stats: {
      readStats: async (filter) => {
        const counted = matching(filter)
        const of = (status: string) => counted.filter((log) => log.status === status).length
        const [successful, failed, pending] = [of('success'), of('failed'), of('pending')]
        return {
          total: successful + failed,
          successful,
          failed,
          pending,
          avgResponseTime: 0,
          providers: {},
          recentEvents: counted.slice(0, 10),
        }
      },
    },
    retries: {
      readRetryStats: async ({ clientId }) => ({
        scheduled: 0,
        overdue: 0,
        nextDueAt: null,
        dead: matching(clientId ? { clientId } : {}).filter(({ stage }) => stage === 'dead').length,
        recovered: 0,
      }),
      requestRetry: async (log, webhookIds) => void retried.push({ logId: log.id, webhookIds }),
    },
    orders: { findOrder: async () => null },
    menus: { findMenu: async () => null, listMenus: async () => ({ menus: [], hasMore: false }) },
    clients: {
      findClient: async (id) => clients.get(id) ?? null,
      listClients: async ({ clientId }) =>
        [...clients.values()].filter((client) => clientId === undefined || client.clientId === clientId),
      findWebhook: async (id) =>
        [...clients.values()].flatMap(({ webhooks }) => webhooks).find((webhook) => webhook.id === id) ?? null,
      saveClient: async (client, expectedVersion) => {
        if ((clients.get(client.clientId)?.version ?? 0) !== expectedVersion) return 'conflict'
        clients.set(client.clientId, client)
        return 'saved'
      },
      distributeClient: async (client) => void distributed.push(client),
    },
    activity: { subscribe: activity.subscribe },
    health: async () => ({
      status: 'ok',
      timestamp: NOW.toISOString(),
      services: { database: 'up', nats: 'up', webhook_processing: 'up' },
    }),
    now: () => NOW,
    ...overrides,
  }
  return {
    ports,
    logs,
    clients,
    distributed,
    retried,
    append: activity.append,
    subscriptions: activity.subscriptions,
    get keepFrom() {
      return activity.state.keepFrom
    },
    set keepFrom(cursor) {
      activity.state.keepFrom = cursor
    },
  }
}

/** The ACTIVITY stream: cursor n is its n-th record. */
function createMemoryActivity() {
  const records: ActivityRecord[] = []
  const bells = new Set<ReturnType<typeof createBell>>()
  const state = { keepFrom: 1 }
  async function* subscribe({
    after,
    signal,
  }: {
    after?: string
    signal: AbortSignal
  }): AsyncGenerator<ActivityRecord> {
    if (after !== undefined && Number(after) + 1 < state.keepFrom)
      throw new CursorExpiredError('The cursor is older than the stream keeps')
    let next = after === undefined ? records.length : Number(after)
    const bell = createBell()
    bells.add(bell)
    try {
      while (!signal.aborted) {
        const record = records[next]
        if (record === undefined) await bell.wait(signal)
        else {
          next += 1
          yield record
        }
      }
    } finally {
      bells.delete(bell)
    }
  }
  return {
    state,
    subscribe,
    subscriptions: () => bells.size,
    append: (fact: Fact): string => {
      const cursor = String(records.length + 1)
      records.push({ cursor, fact })
      for (const bell of bells) bell.ring()
      return cursor
    },
  }
}

export function aClient(clientId: string, webhookId = `wh_${clientId}`): Client {
  return {
    clientId,
    version: 1,
    settings: clientSettingsSchema.parse({}),
    webhooks: [
      {
        id: webhookId,
        clientId,
        provider: 'careem',
        profile: 'spec',
        url: 'https://pos.example.com/hook',
        events: ['*'],
        status: 'active',
        disabledReason: null,
        credentials: { secretKey: `secret-of-${clientId}`, apiKey: `key-of-${clientId}` },
        signingSecret: `whsec_of-${clientId}`,
        createdAt: NOW.toISOString(),
        updatedAt: NOW.toISOString(),
      },
    ],
  }
}

/** A log given up after one attempt of `wh_<clientId>`. */
export function aLog(id: string, clientId: string, changes: Partial<Log> = {}): Log {
  const at = NOW.toISOString()
  const source = { eventType: 'order.created', profile: 'spec', auth: 'hmac' } as const
  return {
    id,
    provider: 'careem',
    clientId,
    profile: 'spec',
    event: 'order.created',
    status: 'failed',
    stage: 'dead',
    timestamp: at,
    payload: '{"event_type":"order.created"}',
    canonical: {
      v: 1,
      id,
      type: 'order.created',
      provider: 'careem',
      clientId,
      occurredAt: at,
      receivedAt: at,
      dedupeKey: id,
      source,
      data: {},
    },
    webhookIds: [`wh_${clientId}`],
    attempts: [anAttempt(`wh_${clientId}`)],
    responseTime: 12,
    resends: [],
    error: 'HTTP 500',
    ...changes,
  }
}

export function anAttempt(webhookId: string, changes: Partial<Log['attempts'][number]> = {}): Log['attempts'][number] {
  return {
    webhookId,
    url: 'https://pos.example.com/hook',
    attempt: 1,
    trigger: 'automatic',
    at: NOW.toISOString(),
    statusCode: 500,
    responseTime: 12,
    response: 'no',
    error: null,
    result: 'dead',
    nextAttemptAt: null,
    deadReason: 'retries_exhausted',
    ...changes,
  }
}

export function aDuplicate(clientId: string, eventId = 'evt_1'): Fact {
  return {
    v: 1,
    kind: 'duplicate',
    at: NOW.toISOString(),
    eventId,
    provider: 'careem',
    clientId,
    eventType: 'order.created',
    sequence: 1,
  }
}
