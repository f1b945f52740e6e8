import type { Fact } from '../../src/domain/activity.js'
import type { Acknowledgement } from '../../src/domain/alert.js'
import { type Client, clientSettingsSchema } from '../../src/domain/client.js'
import { deadDeliveries, deliveryStates } from '../../src/domain/delivery-state.js'
import type { CanonicalEvent } from '../../src/domain/event.js'
import { createTogether } from '../../src/domain/instance-sample.js'
import type { Log } from '../../src/domain/log.js'
import type { Menu } from '../../src/domain/menu.js'
import type { Order } from '../../src/domain/order.js'
import type { Caller } from '../../src/graph/auth.js'
import {
  type ActivityRecord,
  type AuditRecord,
  CursorExpiredError,
  type DeadLetterFilter,
  type GraphPorts,
  type KnownAlert,
  type Listed,
  type OrderRecord,
  type Page,
  type Position,
  type ReplayJob,
} from '../../src/graph/ports.js'
import { createBell } from '../../src/lib/wait.js'
import { providers } from './providers.js'

export const NOW = new Date('2026-03-14T17:05:12.000Z')

/** The API's ports kept in memory: what tests put in, and what the API asked of the rest of the system. */
export type MemoryPorts = {
  readonly ports: GraphPorts
  readonly logs: Log[]
  readonly orders: OrderRecord[]
  readonly menus: Menu[]
  readonly audits: AuditRecord[]
  readonly replays: Map<string, ReplayJob>
  readonly tests: { readonly event: CanonicalEvent; readonly webhookId: string }[]
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
  const orders: OrderRecord[] = []
  const menus: Menu[] = []
  const audits: AuditRecord[] = []
  const replays = new Map<string, ReplayJob>()
  const tests: MemoryPorts['tests'][number][] = []
  const clients = new Map<string, Client>()
  const distributed: Client[] = []
  const retried: MemoryPorts['retried'][number][] = []
  const activity = createMemoryActivity()
  const matching = (filter: object) =>
    logs.filter((log) => fits({ ...log, orderId: log.canonical?.data.order?.id, type: log.canonical?.type }, filter))
  const deadOf = ({ webhookId, reason, ...filter }: DeadLetterFilter) =>
    matching(filter).filter((log) => deadDeliveries(log).some((each) => fits(each, { webhookId, reason })))
  const ordersOf = (filter: object) => orders.filter(({ order }) => fits(order, filter))
  const menusOf = (filter: object) => menus.filter((menu) => fits(menu, filter))
  const auditsOf = (filter: object) => audits.filter((record) => fits(record, filter))
  const replaysOf = (filter: object) => [...replays.values()].filter((job) => fits(job, filter))
  const ports: GraphPorts = {
    providers,
    logs: {
      findLog: async (id) => logs.find((log) => log.id === id) ?? null,
      findLogs: async (ids) => logs.filter(({ id }) => ids.includes(id)),
      listLogs: async (filter, page) => paged(matching(filter), page, ({ timestamp: at, id }) => ({ at, id })),
      countLogs: async (filter) => matching(filter).length,
    },
    deadLetters: {
      listDeadLogs: async (filter, page) => paged(deadOf(filter), page, ({ timestamp: at, id }) => ({ at, id })),
      countDeadLogs: async (filter) => deadOf(filter).length,
      countUndelivered: async (filter) => {
        const states = matching(filter).flatMap((log) => deliveryStates(log).map(({ state }) => state))
        const of = (state: string) => states.filter((each) => each === state).length
        return { pending: of('pending'), dead: of('dead') }
      },
      redrive: async (log, webhookIds) => void retried.push({ logId: log.id, webhookIds }),
    },
    stats: {
      readStats: async ({ provider, clientId, since }) => {
        const counted = matching({
          ...(provider && { provider }),
          ...(clientId && { clientId }),
          startDate: since,
        })
        const of = (status: string) => counted.filter((log) => log.status === status).length
        const [successful, failed, pending] = [of('success'), of('failed'), of('pending')]
        return {
          total: successful + failed,
          successful,
          failed,
          pending,
          avgResponseTime: 0,
          p50: null,
          p95: null,
          p99: null,
          providers: {},
          series: [],
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
    menus: {
      findMenu: async (id) => menus.find((menu) => menu.id === id) ?? null,
      listMenus: async (filter, page) => paged(menusOf(filter), page, ({ updatedAt: at, id }) => ({ at, id })),
      countMenus: async (filter) => menusOf(filter).length,
    },
    orders: {
      findOrders: async (ids) => orders.filter(({ order }) => ids.includes(order.id)),
      listOrders: async (filter, page) =>
        paged(ordersOf(filter), page, ({ order }) => ({ at: order.placedAt, id: order.id })),
      countOrders: async (filter) => ordersOf(filter).length,
    },
    tests: { sendTest: async (event, _payload, webhookId) => void tests.push({ event, webhookId }) },
    bodies: { deliveryBody: async (event) => JSON.stringify({ id: event.id }) },
    audit: {
      append: async (record) => void audits.push(record),
      listAudit: async (filter, page) => paged(auditsOf(filter), page, ({ at, id }) => ({ at, id })),
      countAudit: async (filter) => auditsOf(filter).length,
    },
    replays: {
      createReplay: async (job) => {
        const stored = replays.get(job.id) ?? job
        replays.set(job.id, stored)
        return stored
      },
      findReplay: async (id) => replays.get(id) ?? null,
      listReplays: async (filter, page) => paged(replaysOf(filter), page, ({ createdAt: at, id }) => ({ at, id })),
      countReplays: async (filter) => replaysOf(filter).length,
      cancelReplay: async (id, at) => {
        const job = replays.get(id)
        if (job?.status === 'running') replays.set(id, { ...job, status: 'cancelled', updatedAt: at, finishedAt: at })
        return replays.get(id) ?? null
      },
    },
    clients: {
      findClient: async (id) => clients.get(id) ?? null,
      findClients: async (ids) => [...clients.values()].filter(({ clientId }) => ids.includes(clientId)),
      listClientPage: async ({ limit, after }) => {
        const all = [...clients.values()].sort((a, b) => (a.clientId < b.clientId ? -1 : 1))
        const rest = all.filter(({ clientId }) => after === undefined || clientId > after)
        return { items: rest.slice(0, limit), hasMore: rest.length > limit }
      },
      countClients: async () => clients.size,
      listClients: async ({ clientId }, limit) =>
        [...clients.values()]
          .filter((client) => clientId === undefined || client.clientId === clientId)
          .slice(0, limit),
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
    alerts: createMemoryAlerts(),
    analytics: { readOrders: async () => [] },
    metrics: {
      readMetricsHistory: async () => [],
      readMetrics: async () => ({
        ...createTogether().read(NOW.getTime()),
        at: NOW.toISOString(),
        queueDepth: 3,
        deadLetters: 1,
      }),
    },
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
    orders,
    menus,
    audits,
    replays,
    tests,
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

/** Whether a thing has every value a filter names; bounds and texts to search for are the store's own tests. */
function fits(thing: object, filter: object): boolean {
  const has = new Map<string, unknown>(Object.entries(thing))
  const left = ['startDate', 'endDate', 'since', 'search', 'placedAfter', 'placedBefore']
  return Object.entries(filter).every(([name, value]) => left.includes(name) || has.get(name) === value)
}

/** Newest first by (at, id), as every list runs. */
function paged<T>(all: readonly T[], { limit, offset = 0, after }: Page, positionOf: (item: T) => Position): Listed<T> {
  const key = ({ at, id }: Position): string => `${at} ${id}`
  const rest = [...all]
    .sort((a, b) => (key(positionOf(b)) < key(positionOf(a)) ? -1 : 1))
    .filter((item) => after === undefined || key(positionOf(item)) < key(after))
    .slice(offset)
  return { items: rest.slice(0, limit), hasMore: rest.length > limit }
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

export function aCaller(role: Caller['role'], client?: string): Caller {
  return { role, ...(client !== undefined && { client }), remoteAddress: '127.0.0.1', via: 'graphql' }
}

/** An order of one line, just accepted. */
export function anOrder(id: string, clientId: string, changes: Partial<Order> = {}): OrderRecord {
  const at = NOW.toISOString()
  const price = { amount: 7_250, currency: 'KWD' }
  const line = { n: 1, externalId: 'line-1', sku: 'sku-1', name: 'Falafel', quantity: 2, unitPrice: null, total: price }
  const order: Order = {
    id,
    provider: 'careem',
    clientId,
    storeRef: 'store-1',
    externalId: `external-${id}`,
    externalCode: null,
    displayCode: '17',
    status: 'accepted',
    service: 'delivery',
    deliveredBy: 'platform',
    scheduledFor: null,
    isTest: false,
    placedAt: at,
    acceptBy: null,
    pickupAt: null,
    promisedAt: null,
    customer: { name: 'Guest', phone: { e164: '+96550000000', accessCode: null, masked: true }, email: null },
    address: { text: 'Street 1', lat: 29.3, lng: 48, note: null },
    lines: [{ ...line, note: null, modifiers: [] }],
    totals: {
      items: price,
      discount: null,
      deliveryFee: null,
      serviceFee: null,
      tip: null,
      tax: null,
      grandTotal: price,
      collectOnDelivery: null,
    },
    payment: { status: 'paid', method: 'card' },
    note: null,
    totalsCheck: 'ok',
    revision: 2,
    ...changes,
  }
  const judged = { from: 'pending', to: 'accepted', applied: true, why: null, occurredAt: at, dedupeKey: id } as const
  return { order, changes: [{ ...judged, eventId: `evt_${id}`, reason: null }] }
}

/** A menu of nothing. */
export function aMenu(id: string, clientId: string): Menu {
  const provider = 'careem'
  const none = { items: [], categories: [], groups: [], versions: [] }
  return { id, clientId, provider, storeRef: `store-of-${clientId}`, version: 1, updatedAt: NOW.toISOString(), ...none }
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

/** That an order of `anOrder` was handed to nobody. */
export function aDispatch(clientId: string, { order }: OrderRecord): Fact {
  const { canonical } = aLog(`evt_${clientId}`, clientId)
  if (canonical === null) throw new Error('a log of aLog has its event')
  const { id: eventId, provider } = canonical
  const about = { v: 1, at: NOW.toISOString(), eventId, provider, clientId, eventType: 'order.created' } as const
  return { ...about, kind: 'dispatched', event: { ...canonical, data: { order } }, webhookIds: [] }
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

/** Alerts kept in memory, by id and client: by default one of the whole installation, one of the client `alerted`. */
export function createMemoryAlerts(
  alerts: readonly (readonly [id: string, clientId: string | null])[] = [
    ['alr_all', null],
    ['alr_one', 'alerted'],
  ],
): GraphPorts['alerts'] {
  const anAlert = (id: string, clientId: string | null): KnownAlert => ({
    acknowledgement: null,
    alert: {
      v: 1,
      id,
      rule: 'queue_backlog',
      severity: 'warning',
      title: 'Work is piling up',
      message: '1,200 events wait',
      subject: clientId ?? '',
      clientId,
      value: 1_200,
      threshold: 1_000,
      firedAt: NOW.toISOString(),
      resolvedAt: clientId === null ? null : NOW.toISOString(),
    },
  })
  const known = new Map(alerts.map(([id, clientId]) => [id, anAlert(id, clientId)]))
  const listeners = new Set<(known: KnownAlert) => void>()
  return {
    listAlerts: () => [...known.values()],
    findAlert: (id) => known.get(id),
    acknowledge: async (id, acknowledgement: Acknowledgement) => {
      const found = known.get(id)
      if (found === undefined) return
      known.set(id, { ...found, acknowledgement })
      for (const listener of listeners) listener({ ...found, acknowledgement })
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
