import type { Fact } from '../domain/activity.js'
import type { Client, Webhook } from '../domain/client.js'
import type { Log, LogStatus } from '../domain/log.js'
import type { Menu } from '../domain/menu.js'
import type { Order } from '../domain/order.js'
import type { ProviderName } from '../domain/provider.js'
import type { ProviderRegistry } from '../providers/registry.js'

/** What a list of logs may be narrowed by. Bounds are inclusive RFC 3339 UTC times of receipt. */
export type LogFilter = {
  readonly provider?: ProviderName
  readonly clientId?: string
  readonly status?: LogStatus
  readonly startDate?: string
  readonly endDate?: string
}

/** A place in the list, which runs newest first by (timestamp, id). */
export type LogPosition = { readonly timestamp: string; readonly id: string }

/** `after` (a cursor) and `offset` (the REST contract) are alternatives. */
export type LogPage = { readonly limit: number; readonly after?: LogPosition; readonly offset?: number }

export type LogReader = {
  findLog(id: string): Promise<Log | null>
  listLogs(filter: LogFilter, page: LogPage): Promise<{ readonly logs: readonly Log[]; readonly hasMore: boolean }>
  countLogs(filter: LogFilter): Promise<number>
}

export type ProviderCount = { readonly total: number; readonly successful: number; readonly failed: number }

/** `total` is successful + failed; `pending` is what is in flight. */
export type StatsCount = ProviderCount & {
  readonly pending: number
  /** Milliseconds over logs that have a response time; 0 where there is none. */
  readonly avgResponseTime: number
  readonly providers: Readonly<Record<ProviderName, ProviderCount>>
  /** The newest ten. */
  readonly recentEvents: readonly Log[]
}

export type StatsReader = {
  readStats(filter: {
    readonly provider?: ProviderName
    readonly clientId?: string
    /** Logs received at or after. */
    readonly since: string
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

export type OrderReader = { findOrder(id: string): Promise<Order | null> }

export type MenuReader = {
  findMenu(id: string): Promise<Menu | null>
  /** By id upwards, starting after `after`. */
  listMenus(
    filter: { readonly clientId?: string; readonly provider?: ProviderName },
    page: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly menus: readonly Menu[]; readonly hasMore: boolean }>
}

export type ClientStore = {
  findClient(clientId: string): Promise<Client | null>
  listClients(filter: { readonly clientId?: string; readonly provider?: ProviderName }): Promise<readonly Client[]>
  findWebhook(webhookId: string): Promise<Webhook | null>
  /** Writes the client whole if its stored version is `expectedVersion` (0: it must not exist yet). */
  saveClient(client: Client, expectedVersion: number): Promise<'saved' | 'conflict'>
}

/** Puts a client's registrations and settings in force everywhere (the watched CONFIG bucket). */
export type ClientDistributor = { distributeClient(client: Client): Promise<void> }

/** Puts a new attempt of each delivery on the queue. */
export type RetryRequester = {
  requestRetry(log: Log, webhookIds: readonly string[]): Promise<void>
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

/** Everything the API needs of the rest of the system. */
export type GraphPorts = {
  readonly providers: ProviderRegistry
  readonly logs: LogReader
  readonly stats: StatsReader
  readonly retries: RetryStatsReader & RetryRequester
  readonly orders: OrderReader
  readonly menus: MenuReader
  readonly clients: ClientStore & ClientDistributor
  readonly activity: ActivityFeed
  health(): Promise<HealthReport>
  now(): Date
}
