import type { Fact } from '../domain/activity.js'
import type { Acknowledgement, Alert } from '../domain/alert.js'
import type { Client, Webhook } from '../domain/client.js'
import type { DeadReason } from '../domain/delivery.js'
import type { CanonicalEvent } from '../domain/event.js'
import type { Histogram } from '../domain/histogram.js'
import type { Log, LogStage, LogStatus } from '../domain/log.js'
import type { Menu } from '../domain/menu.js'
import type { Money, Order, OrderStatus } from '../domain/order.js'
import type { JudgedChange } from '../domain/order-state.js'
import type { ProviderName } from '../domain/provider.js'
import type { RealtimeMetrics } from '../domain/realtime-metrics.js'
import type { ProviderRegistry } from '../providers/registry.js'

/** What a list of logs may be narrowed by. Bounds are inclusive RFC 3339 UTC times of receipt. */
export type LogFilter = {
  readonly provider?: ProviderName
  readonly clientId?: string
  readonly status?: LogStatus
  readonly stage?: LogStage
  /** The provider's own event name. */
  readonly event?: string
  /** The canonical type. */
  readonly type?: string
  readonly orderId?: string
  /** An id as people have it at hand: of the log, or of its order (ours, the platform's, or the short code). Exact. */
  readonly search?: string
  readonly startDate?: string
  readonly endDate?: string
}

/** A place in a list, which runs newest first by (at, id). `at` is RFC 3339. */
export type Position = { readonly at: string; readonly id: string }

/** `after` (a cursor) and `offset` (the REST contract) are alternatives. */
export type Page = { readonly limit: number; readonly after?: Position; readonly offset?: number }

/** A part of a list. `hasMore`: the list goes on after it. */
export type Listed<T> = { readonly items: readonly T[]; readonly hasMore: boolean }

export type LogReader = {
  findLog(id: string): Promise<Log | null>
  /** Those there are, in any order. */
  findLogs(ids: readonly string[]): Promise<readonly Log[]>
  listLogs(filter: LogFilter, page: Page): Promise<Listed<Log>>
  countLogs(filter: LogFilter): Promise<number>
}

/** What dead letters may be narrowed by. Bounds are inclusive RFC 3339 UTC times of receipt. */
export type DeadLetterFilter = {
  readonly provider?: ProviderName
  readonly clientId?: string
  readonly webhookId?: string
  readonly reason?: DeadReason
  readonly startDate?: string
  readonly endDate?: string
}

/** Deliveries that have not arrived. */
export type UndeliveredCount = { readonly pending: number; readonly dead: number }

export type DeadLetterReader = {
  /** Logs with a delivery that was given up and matches. */
  listDeadLogs(filter: DeadLetterFilter, page: Page): Promise<Listed<Log>>
  countDeadLogs(filter: DeadLetterFilter): Promise<number>
  countUndelivered(filter: { readonly clientId?: string }): Promise<UndeliveredCount>
}

/** Puts one more attempt of deliveries that were given up on the queue, behind live traffic. */
export type Redriver = { redrive(log: Log, webhookIds: readonly string[]): Promise<void> }

/** What a list of orders may be narrowed by. Bounds are inclusive RFC 3339 UTC times of placing. */
export type OrderFilter = {
  readonly provider?: ProviderName
  readonly clientId?: string
  readonly status?: OrderStatus
  /** The platform's id of the restaurant. */
  readonly storeRef?: string
  /** An order's id: ours, the platform's, or the short code riders say. Exact. */
  readonly search?: string
  readonly placedAfter?: string
  readonly placedBefore?: string
}

/** A status the platform reported for an order, and whether it counted. */
export type OrderHistoryEntry = JudgedChange & { readonly eventId: string; readonly reason: string | null }

/** An order with its history; only those whose order the platform has sent (not a status alone). */
export type OrderRecord = { readonly order: Order; readonly changes: readonly OrderHistoryEntry[] }

export type OrderReader = {
  findOrders(ids: readonly string[]): Promise<readonly OrderRecord[]>
  /** Newest first by (placedAt, id). */
  listOrders(filter: OrderFilter, page: Page): Promise<Listed<OrderRecord>>
  countOrders(filter: OrderFilter): Promise<number>
}

export type ProviderCount = { readonly total: number; readonly successful: number; readonly failed: number }

/** Logs of one span of time. `total` is successful + failed; `pending` is what is in flight. */
export type LogCounts = ProviderCount & {
  readonly pending: number
  /** Milliseconds over logs that have a response time; 0 where there is none. */
  readonly avgResponseTime: number
  /** Milliseconds, within 2 % of the true value; null where no log has a response time. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

export type StatsCount = LogCounts & {
  readonly providers: Readonly<Record<ProviderName, ProviderCount>>
  /** One point for every step from `since` on, also where nothing came. */
  readonly series: readonly (LogCounts & { readonly at: string })[]
}

/** A length of a series' steps. */
export type StatsStep = 'minute' | 'hour' | 'day'

export type StatsReader = {
  readStats(filter: {
    readonly provider?: ProviderName
    readonly clientId?: string
    /** Logs received at or after; the beginning of a minute, or of an hour where `step` is not `minute` or `hour`. */
    readonly since: string
    readonly until: string
    readonly step: StatsStep
    /** The finest buckets used at the ends of the range. */
    readonly grain: 'minute' | 'hour'
  }): Promise<StatsCount>
}

/** Retries as the logs know them. */
export type RetryStats = {
  /** Logs waiting for their next attempt. */
  readonly scheduled: number
  /** Of those, due more than a minute ago: something is wrong. */
  readonly overdue: number
  readonly nextDueAt: string | null
  /** Logs given up. */
  readonly dead: number
  /** Logs delivered after more than one attempt. */
  readonly recovered: number
}

export type RetryStatsReader = {
  readRetryStats(filter: { readonly clientId?: string }, now: string): Promise<RetryStats>
}

export type MenuFilter = { readonly clientId?: string; readonly provider?: ProviderName }

export type MenuReader = {
  findMenu(id: string): Promise<Menu | null>
  listMenus(filter: MenuFilter, page: Page): Promise<Listed<Menu>>
  countMenus(filter: MenuFilter): Promise<number>
}

export type ClientStore = {
  findClient(clientId: string): Promise<Client | null>
  /** Those there are, in any order. */
  findClients(clientIds: readonly string[]): Promise<readonly Client[]>
  /** By client id. */
  listClientPage(page: { readonly limit: number; readonly after?: string }): Promise<Listed<Client>>
  countClients(): Promise<number>
  /** By client id. */
  listClients(
    filter: { readonly clientId?: string; readonly provider?: ProviderName },
    limit: number,
  ): Promise<readonly Client[]>
  findWebhook(webhookId: string): Promise<Webhook | null>
  /** Writes the client whole if its stored version is `expectedVersion` (0: it must not exist yet). */
  saveClient(client: Client, expectedVersion: number): Promise<'saved' | 'conflict'>
}

/** Puts a client's registrations and settings in force everywhere (the watched CONFIG bucket). */
export type ClientDistributor = { distributeClient(client: Client): Promise<void> }

/** Puts a new attempt of each delivery on the queue; asked again before that attempt is made, it is still one attempt. */
export type RetryRequester = {
  requestRetry(log: Log, webhookIds: readonly string[]): Promise<void>
}

/** Puts a made-up event for one registration on its way, and tells of it as of any other. The same event twice is sent once. */
export type TestSender = { sendTest(event: CanonicalEvent, payload: string, webhookId: string): Promise<void> }

/** What a client is sent of an event, as text; null when the event itself is no longer kept. */
export type DeliveryBodies = { deliveryBody(event: CanonicalEvent): Promise<string | null> }

/** What somebody changed, without secrets. */
export type AuditRecord = {
  readonly id: string
  readonly at: string
  /** Who: the token's `sub` (null where it names nobody), role and client. */
  readonly actor: { readonly subject: string | null; readonly role: string; readonly client: string | null }
  readonly action: string
  /** Of what was changed: a webhook, client, log or replay job. */
  readonly targetId: string
  readonly clientId: string | null
  readonly changes: unknown
  /** From where: the caller's address, and how it was asked. */
  readonly remoteAddress: string
  readonly via: 'graphql' | 'rest' | 'socket'
}

export type AuditFilter = { readonly clientId?: string; readonly action?: string; readonly targetId?: string }

export type AuditLog = {
  /** Once per id. */
  append(record: AuditRecord): Promise<void>
  /** Newest first by (at, id). */
  listAudit(filter: AuditFilter, page: Page): Promise<Listed<AuditRecord>>
  countAudit(filter: AuditFilter): Promise<number>
}

export const REPLAY_STATUSES = ['running', 'completed', 'cancelled', 'failed'] as const
export type ReplayStatus = (typeof REPLAY_STATUSES)[number]

/** Sending many events to their registrations again, slowly, behind live traffic. Times RFC 3339. */
export type ReplayJob = {
  readonly id: string
  readonly status: ReplayStatus
  readonly filter: LogFilter
  readonly dryRun: boolean
  readonly ratePerSecond: number
  /** Logs that matched when it was asked for. */
  readonly total: number
  /** Of those, looked at so far, and what became of them: deliveries queued, and logs left out (nothing was kept, or nobody to send to). */
  readonly processed: number
  readonly queued: number
  readonly skipped: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly finishedAt: string | null
  readonly error: string | null
  /** The last log done: it goes on after this one, newest first. */
  readonly position: Position | null
  /** Whoever may see it beside those who see everything. */
  readonly clientId: string | null
}

export type ReplayStore = {
  /** The job as it is stored: the one that was there, where one has this id. */
  createReplay(job: ReplayJob): Promise<ReplayJob>
  findReplay(id: string): Promise<ReplayJob | null>
  /** Newest first by (createdAt, id). */
  listReplays(filter: { readonly clientId?: string }, page: Page): Promise<Listed<ReplayJob>>
  countReplays(filter: { readonly clientId?: string }): Promise<number>
  /** Ends one that is running; the job as it then is. */
  cancelReplay(id: string, at: string): Promise<ReplayJob | null>
}

/** One fact with its place in the ACTIVITY stream. */
export type ActivityRecord = { readonly cursor: string; readonly fact: Fact }

export class CursorExpiredError extends Error {
  override readonly name = 'CursorExpiredError'
  readonly code = 'CURSOR_EXPIRED'
}

/** Live facts from now, or after `after` with no gap and no duplicate. Throws CursorExpiredError when the stream no longer holds it. */
export type ActivityFeed = {
  subscribe(options: { readonly after?: string; readonly signal: AbortSignal }): AsyncIterable<ActivityRecord>
}

export type ServiceHealth = 'up' | 'down'
export type HealthReport = {
  readonly status: 'ok' | 'degraded' | 'down'
  readonly timestamp: string
  readonly services: {
    readonly database: ServiceHealth
    readonly nats: ServiceHealth
    readonly webhook_processing: ServiceHealth
  }
}

/** What one store's orders, placed in one hour or day, came to. */
export type StoreHour = {
  readonly at: string
  readonly provider: ProviderName
  readonly storeRef: string | null
  readonly orders: number
  readonly accepted: number
  readonly rejected: number
  readonly cancelled: number
  readonly failed: number
  /** Milliseconds from placing to acceptance. */
  readonly acceptTimes: Histogram
  /** Of orders that were not lost; one amount for each currency. */
  readonly revenue: readonly Money[]
}

export type AnalyticsReader = {
  readOrders(range: {
    readonly clientId?: string
    readonly since: string
    readonly until: string
    readonly step: 'hour' | 'day'
  }): Promise<readonly StoreHour[]>
}

/** An alert with who has seen it. */
export type KnownAlert = { readonly alert: Alert; readonly acknowledgement: Acknowledgement | null }

export type AlertReader = {
  /** Of the last thirty days, newest first. */
  listAlerts(): readonly KnownAlert[]
  findAlert(id: string): KnownAlert | undefined
  /** Resolves when it is in force everywhere. */
  acknowledge(id: string, acknowledgement: Acknowledgement): Promise<void>
  /** Told of every alert that fires, clears or is acknowledged from now on. Answers how to stop. */
  onChange(listener: (known: KnownAlert) => void): () => void
}

export type MetricsReader = {
  readMetrics(): Promise<RealtimeMetrics>
  /** One for every ten seconds of the last hour since `sinceMs`, oldest first; the same whichever instance is asked. */
  readMetricsHistory(sinceMs: number): Promise<readonly RealtimeMetrics[]>
}

/** Everything the API needs of the rest of the system. */
export type GraphPorts = {
  readonly deadLetters: DeadLetterReader & Redriver
  readonly providers: ProviderRegistry
  readonly logs: LogReader
  readonly stats: StatsReader
  readonly retries: RetryStatsReader & RetryRequester
  readonly tests: TestSender
  readonly bodies: DeliveryBodies
  readonly audit: AuditLog
  readonly replays: ReplayStore
  readonly orders: OrderReader
  readonly menus: MenuReader
  readonly clients: ClientStore & ClientDistributor
  readonly activity: ActivityFeed
  readonly metrics: MetricsReader
  readonly alerts: AlertReader
  readonly analytics: AnalyticsReader
  health(): Promise<HealthReport>
  now(): Date
}
