import { MongoClient } from 'mongodb'
import type { Log } from '../domain/log.js'
import type {
  AnalyticsReader,
  AuditLog,
  ClientStore,
  DeadLetterReader,
  LogReader,
  MenuReader,
  OrderReader,
  ReplayStore,
  RetryStatsReader,
  StatsReader,
} from '../graph/ports.js'
import type { Sealer } from '../lib/seal.js'
import type { ReadModel } from '../processors/record/ports.js'
import type { RetentionStore } from '../processors/retention/retention.js'
import { createAnalyticsReader } from './analytics.js'
import { createAuditLog } from './audit.js'
import { createClientStore } from './clients.js'
import { type Conditions, createConditions } from './conditions.js'
import { createDeadLetterReader } from './dead-letters.js'
import { createLogImport } from './import-logs.js'
import { createLogReader } from './logs.js'
import { createMenuReader } from './menus.js'
import { migrate } from './migrations.js'
import { createOrderReader } from './orders.js'
import { createReadModel } from './read-model.js'
import { createReplayStore, type ReplayWork } from './replays.js'
import { createRetentionStore } from './retention.js'
import { createRetryStatsReader, createStatsReader } from './stats.js'

/** Everything kept in MongoDB: logs and orders (the read model); clients, replay jobs and the audit log (authoritative). */
export type Store = {
  readonly logs: LogReader
  readonly stats: StatsReader
  readonly retryStats: RetryStatsReader
  readonly orders: OrderReader
  readonly deadLetters: DeadLetterReader
  readonly retention: RetentionStore
  readonly menus: MenuReader
  readonly clients: ClientStore
  readonly audit: AuditLog
  readonly replays: ReplayStore & ReplayWork
  readonly readModel: ReadModel
  readonly conditions: Conditions
  readonly analytics: AnalyticsReader
  /** Writes logs of another system, and answers how many were not there yet. */
  importLogs(logs: readonly Log[]): Promise<number>
  /** Whether the database answers within a second. */
  ping(): Promise<boolean>
  /** Brings the database up to this version's shape. */
  migrate(onProgress: (line: string) => void): Promise<void>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type StoreOptions = {
  readonly url: string
  readonly database: string
  readonly sealer: Sealer
  /** Names this process in locks. */
  readonly holder: string
  now(): Date
  /** Told the name of every command sent to the database. */
  readonly onCommand?: (name: string) => void
}

const SELECT_TIMEOUT_MS = 2_000
const OPERATION_TIMEOUT_MS = 20_000
const PING_TIMEOUT_MS = 1_000

/** Connects when first used, so that a database that is away holds nobody up. */
export function openStore(options: StoreOptions): Store {
  const client = new MongoClient(options.url, {
    appName: 'orderwire',
    serverSelectionTimeoutMS: SELECT_TIMEOUT_MS,
    connectTimeoutMS: SELECT_TIMEOUT_MS,
    socketTimeoutMS: OPERATION_TIMEOUT_MS,
    maxPoolSize: 20,
    ignoreUndefined: true,
    monitorCommands: options.onCommand !== undefined,
  })
  const { onCommand } = options
  if (onCommand !== undefined) client.on('commandStarted', ({ commandName }) => onCommand(commandName))
  const db = client.db(options.database)
  const close = (): Promise<void> => client.close()
  return {
    logs: createLogReader(db),
    stats: createStatsReader(db),
    retryStats: createRetryStatsReader(db),
    orders: createOrderReader(db),
    deadLetters: createDeadLetterReader(db),
    retention: createRetentionStore(db),
    menus: createMenuReader(db),
    clients: createClientStore(db, options.sealer),
    audit: createAuditLog(db),
    replays: createReplayStore(db, options.now),
    readModel: createReadModel(db, options.now),
    conditions: createConditions(db),
    importLogs: createLogImport(db),
    analytics: createAnalyticsReader(db),
    ping: async () => {
      const answered = db.command({ ping: 1 }).then(
        () => true,
        () => false,
      )
      const late = new Promise<boolean>((resolve) => setTimeout(resolve, PING_TIMEOUT_MS, false).unref())
      return Promise.race([answered, late])
    },
    migrate: (onProgress) => migrate(db, { holder: options.holder, now: options.now, onProgress }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
