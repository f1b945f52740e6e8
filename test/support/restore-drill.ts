import { startReceiver } from '../../dev/receiver/receiver.js'
import type { LocalStack } from '../../dev/stack/stack.js'
import { rewindDeliveries } from '../../src/app/rewind.js'
import { readConfig } from '../../src/config/config.js'
import { pause } from '../../src/lib/wait.js'
import { createLoggers } from '../../src/observability/logger.js'
import { orderBody, type Registered, send, startTestApp, type TestApp, until } from './app.js'
import { backUpDatabase, restoreDatabase } from './database-backup.js'
import { type Answer, runLoad } from './load.js'
import { backUpStreams, restoreStreams } from './stream-backup.js'

/** What a restore into a new stack brought back. */
export type RestoreReport = {
  /** Answered 200 before the backup began: what it must hold. */
  readonly acceptedBefore: number
  /** Answered 200 while it was made and until the old stack was gone: a backup need not hold it. */
  readonly acceptedSince: number
  /** Of those before: delivered by the old stack when it went. */
  readonly deliveredBefore: number
  /** Of those before: in no log after the restore, or not delivered by either stack. */
  readonly lost: number
  /** Delivered more often than once, with the same webhook-id. */
  readonly repeated: number
  /** Logs of those since that came back all the same. */
  readonly restoredSince: number
  readonly backup: { readonly ms: number; readonly bytes: number; readonly documents: number }
  readonly restoreMs: number
  /** From the start of the new installation until the last of them was delivered and logged. */
  readonly caughtUpMs: number
}

export type RestoreOptions = {
  readonly perSecond: number
  readonly secondsBefore: number
  readonly secondsSince: number
  /** Makes the backup of the streams last, as a large one does; see {@link backUpStreams}. */
  readonly chunkPauseMs: number
  /** A NATS and a MongoDB of its own, twice. */
  startStack(): Promise<LocalStack>
  onProgress(line: string): void
}

/** Retries that are waiting in the stream when it is backed up. */
const PATIENT = {
  retryPolicy: { maxRetries: 20, retryDelays: [2_000], exponentialBackoff: false },
  security: { rateLimiting: { enabled: false } },
}
const CATCH_UP_MS = 90_000

/** Backs an installation up under load, loses it, and restores it into a new one. */
export async function restoreDrill(options: RestoreOptions): Promise<RestoreReport> {
  const { perSecond, onProgress } = options
  let isDown = true
  /** How often each event was taken by an endpoint. */
  const taken = new Map<string, number>()
  const pos = await startReceiver({
    reply: ({ path, headers }) => {
      if (path === '/down' && isDown) return { status: 503 }
      const id = headers['webhook-id'] ?? ''
      taken.set(id, (taken.get(id) ?? 0) + 1)
      return { status: 200 }
    },
  })
  const old = await options.startStack()
  const app = await startTestApp({ natsUrl: old.natsUrl, mongoUrl: old.mongoUrl })
  const { NATS_PREFIX: prefix = '', MONGODB_DATABASE: database = '' } = app.environment
  const targets = await Promise.all(
    ['steady', 'down'].map((clientId) =>
      app.register({ provider: 'jahez', clientId, url: `${pos.url}/${clientId}`, config: PATIENT }),
    ),
  )
  onProgress(`${perSecond} webhooks a second for ${options.secondsBefore} s, one endpoint of two down`)
  const before = idsOf(await runLoad({ url: app.url, targets, perSecond, durationMs: options.secondsBefore * 1_000 }))
  const ending = new AbortController()
  const since = runLoad({ url: app.url, targets, perSecond, durationMs: 600_000, signal: ending.signal })
  const startedAt = Date.now()
  // The database first: the streams, then later than its position, fill it up again.
  const documents = await backUpDatabase(old.mongoUrl, database)
  const streams = await backUpStreams(old.natsUrl, prefix, options.chunkPauseMs)
  const backup = {
    ms: Date.now() - startedAt,
    bytes: streams.flatMap(({ chunks }) => chunks).reduce((sum, chunk) => sum + chunk.byteLength, 0),
    documents: [...documents.values()].reduce((sum, each) => sum + each.length, 0),
  }
  onProgress(`backed up under load in ${backup.ms} ms: ${backup.documents} documents, ${backup.bytes} bytes of streams`)
  await pause(options.secondsSince * 1_000)
  ending.abort()
  const acceptedSince = idsOf(await since)
  const deliveredBefore = [...taken.keys()].filter((id) => before.has(id)).length
  // Gone at once, as with its machine.
  await Promise.all([old.nats?.kill('SIGKILL'), old.mongo?.kill('SIGKILL')])
  await app.stop()
  await old.close()
  onProgress(`the old stack is gone; ${deliveredBefore} of ${before.size} were delivered`)

  const restoringAt = Date.now()
  const fresh = await options.startStack()
  await restoreDatabase(fresh.mongoUrl, database, documents)
  await restoreStreams(fresh.natsUrl, streams)
  const restoreMs = Date.now() - restoringAt
  isDown = false
  const startAt = Date.now()
  const environment = { ...app.environment, NATS_URL: fresh.natsUrl, MONGODB_URL: fresh.mongoUrl }
  const { config, secrets } = readConfig(environment, 'all')
  await rewindDeliveries({ config, secrets, loggers: createLoggers(config.logLevel) })
  const restored = await startTestApp({ environment })
  try {
    const lost = (): Promise<readonly string[]> => missing(before, taken, restored)
    await until(
      'what was accepted is delivered and logged',
      async () => (await lost()).length === 0,
      CATCH_UP_MS,
    ).catch(() => undefined)
    const caughtUpMs = Date.now() - startAt
    await goesOn(restored, targets, taken)
    return {
      acceptedBefore: before.size,
      acceptedSince: acceptedSince.size,
      deliveredBefore,
      lost: (await lost()).length,
      repeated: [...taken].filter(([id, times]) => before.has(id) && times > 1).length,
      restoredSince: [...(await loggedIds(restored))].filter((id) => acceptedSince.has(id)).length,
      backup,
      restoreMs,
      caughtUpMs,
    }
  } finally {
    await restored.stop()
    await fresh.close()
    await pos.close()
  }
}

/** Registrations and their secrets came back, and the queues go on: a platform's next webhook is taken and delivered. */
async function goesOn(
  app: TestApp,
  targets: readonly Registered[],
  delivered: ReadonlyMap<string, number>,
): Promise<void> {
  for (const target of targets) {
    const { status, json } = await send(app.url, target, orderBody('jahez', `after-${target.clientId}`))
    if (status !== 200) throw new Error(`After the restore, a webhook for ${target.clientId} was answered ${status}`)
    await until(`the next webhook for ${target.clientId} is delivered`, () => delivered.has(json.eventId))
  }
}

async function missing(
  wanted: ReadonlySet<string>,
  delivered: ReadonlyMap<string, number>,
  app: TestApp,
): Promise<string[]> {
  const logged = await loggedIds(app)
  return [...wanted].filter((id) => !delivered.has(id) || !logged.has(id))
}

async function loggedIds(app: TestApp): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (let offset = 0; ; offset += 100) {
    const { status, json } = await app.api('GET', `/api/webhooks/logs?status=success&limit=100&offset=${offset}`)
    for (const { id } of status === 200 ? json.logs : []) ids.add(id)
    if (status !== 200 || json.logs.length < 100) return ids
  }
}

function idsOf(answers: readonly Answer[]): ReadonlySet<string> {
  return new Set(answers.flatMap(({ status, eventId }) => (status === 200 && eventId !== null ? [eventId] : [])))
}
