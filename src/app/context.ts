import { hostname } from 'node:os'
import type { Config, Secrets } from '../config/config.js'
import type { Client } from '../domain/client.js'
import { decodeClient, encodeClient } from '../domain/client-record.js'
import { randomId } from '../domain/ids.js'
import { createSealer, type Sealer } from '../lib/seal.js'
import type { Loggers } from '../observability/logger.js'
import { createMetrics, type Metrics } from '../observability/metrics.js'
import { openTracing, type Tracing } from '../observability/tracing.js'
import type { ProviderRegistry } from '../providers/registry.js'
import { openStore, type Store } from '../store/store.js'
import { type AlertBook, openAlertBook } from '../stream/alert-bucket.js'
import { type ClientBucket, openClientBucket } from '../stream/client-bucket.js'
import { connectStream, type StreamConnection } from '../stream/connection.js'
import { ensureTopology } from '../stream/ensure-topology.js'
import type { PublishResult } from '../stream/message.js'
import { createPublisher, type Publisher } from '../stream/publisher.js'
import { createTopology, type Topology } from '../stream/topology.js'
import { type ClientDirectory, createClientDirectory } from './client-directory.js'
import { loadProviders } from './providers.js'

/** What every role stands on. Only `app` sees it whole; parts get the few functions they declared. */
export type Context = {
  readonly config: Config
  readonly secrets: Secrets
  readonly loggers: Loggers
  readonly metrics: Metrics
  /** Undefined where nothing is traced, so that it costs nothing there. */
  readonly tracing: Tracing | undefined
  readonly providers: ProviderRegistry
  /** Names this process in leases and locks. */
  readonly holder: string
  readonly connection: StreamConnection
  readonly topology: Topology
  readonly publishers: {
    readonly webhooks: Publisher
    readonly orders: Publisher
    readonly deliveries: Publisher
    readonly activity: Publisher
    readonly deadLetters: Publisher
    readonly notices: Publisher
  }
  readonly directory: ClientDirectory
  /** Puts a client in force everywhere. */
  distribute(client: Client): Promise<void>
  readonly alerts: AlertBook
  readonly store: Store
  now(): Date
  close(): Promise<void>
}

export type ContextOptions = {
  readonly config: Config
  readonly secrets: Secrets
  readonly loggers: Loggers
  now(): Date
  readonly signal: AbortSignal
}

/** Connects to NATS (waiting for it), brings the topology up, and fills the client directory. MongoDB is not waited for. */
export async function createContext({ config, secrets, loggers, now, signal }: ContextOptions): Promise<Context> {
  // Before anything is waited for: a fault in the file stops the start with its sentence.
  const providers = loadProviders(config.providersFile)
  const holder = `${hostname()}-${process.pid}-${randomId('p').slice(2, 10)}`
  const sealer = createSealer(secrets.encryptionKey)
  const metrics = createMetrics()
  const tracing = await openConfiguredTracing({ config, secrets, loggers }, holder)
  const connection = await connectStream({
    url: config.natsUrl,
    name: `orderwire ${config.role} ${holder}`,
    signal,
    onWaiting: (error) => loggers.stream.warn({ err: error }, 'waiting for NATS'),
  })
  connection.onChange((up) => (up ? loggers.stream.info('NATS is back') : loggers.stream.warn('NATS is away')))
  const topology = createTopology({
    prefix: config.natsPrefix,
    replicas: config.natsReplicas,
    deadLetterDays: config.retention.deadLetterDays,
  })
  await ensureTopology(connection, topology)
  const bucket = await openClientBucket(connection, topology.configBucket)
  const directory = createClientDirectory()
  const watching = new AbortController()
  await watchClients(bucket, directory, sealer, { loggers, signal: watching.signal })
  const alerts = await openAlertBook(connection, topology.alertBucket, {
    signal: watching.signal,
    onError: (error) => loggers.alerts.warn({ err: error }, 'watching alerts failed; trying again'),
  })
  const publisher = (): Publisher => createPublisher(connection, { onCommit: metrics.committed })
  const publishers = {
    webhooks: publisher(),
    orders: publisher(),
    deliveries: publisher(),
    activity: publisher(),
    deadLetters: publisher(),
    notices: publisher(),
  }
  const store = openStore({ url: config.mongoUrl, database: config.mongoDatabase, sealer, holder, now })
  return {
    config,
    secrets,
    loggers,
    metrics,
    tracing,
    providers,
    holder,
    connection,
    topology,
    publishers,
    directory,
    distribute: async (client) => {
      directory.put(client)
      await bucket.put(client.clientId, new TextEncoder().encode(JSON.stringify(encodeClient(client, sealer))))
    },
    alerts,
    store,
    now,
    close: async () => {
      await Promise.all(Object.values(publishers).map((each) => each.flush()))
      watching.abort()
      await connection.close()
      await store.close()
      await tracing?.close()
    },
  }
}

/** A collector that is away is told of at most once in this time. */
const TELL_TRACING_EVERY_MS = 60_000

async function openConfiguredTracing(
  { config, secrets, loggers }: Pick<ContextOptions, 'config' | 'secrets' | 'loggers'>,
  instance: string,
): Promise<Tracing | undefined> {
  if (config.tracing === null) return undefined
  let toldAt = Number.NEGATIVE_INFINITY
  return openTracing({
    ...config.tracing,
    headers: secrets.otlpHeaders,
    instance,
    onError: (error) => {
      if (performance.now() - toldAt < TELL_TRACING_EVERY_MS) return
      toldAt = performance.now()
      loggers.app.warn({ err: error }, 'spans could not be sent and are lost')
    },
  })
}

function watchClients(
  bucket: ClientBucket,
  directory: ClientDirectory,
  sealer: Sealer,
  options: { readonly loggers: Loggers; readonly signal: AbortSignal },
): Promise<void> {
  const log = options.loggers.stream
  return bucket.watch({
    signal: options.signal,
    onRecord: (clientId, record) => {
      try {
        directory.put(decodeClient(JSON.parse(new TextDecoder().decode(record)), sealer))
      } catch (error) {
        // Fail closed: a client we cannot read is refused, and an operator must act.
        log.error({ err: error, clientId }, 'a client record cannot be read; was ENCRYPTION_KEY changed?')
      }
    },
    onRemoved: (clientId) => directory.remove(clientId),
    onError: (error) => log.warn({ err: error }, 'watching client records failed; trying again'),
  })
}

/** Infrastructure said no: processors leave the message for later. */
export class NotStoredError extends Error {
  override readonly name = 'NotStoredError'
}

/** Turns "not durable" into an exception, for callers that can only try again later. */
export async function mustStore(result: Promise<PublishResult>): Promise<void> {
  const settled = await result
  if (settled.outcome === 'unavailable') throw new NotStoredError(settled.reason)
}
