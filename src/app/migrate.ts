import { type Config, maskUrl, type Secrets } from '../config/config.js'
import type { Loggers } from '../observability/logger.js'
import { createContext } from './context.js'

/** A hook must say what is wrong, not hang: NATS has this long to answer. */
const NATS_WITHIN_MS = 60_000

/** What could not be brought up to date, in a sentence. */
export class NotMigratedError extends Error {
  override readonly name = 'NotMigratedError'
  readonly code = 'NOT_MIGRATED'
}

/** Streams, consumers and the database as this version wants them. The roles do the same at their start; here a fault shows before any is replaced. */
export async function migrateOnce(options: {
  readonly config: Config
  readonly secrets: Secrets
  readonly loggers: Loggers
  readonly signal?: AbortSignal
}): Promise<void> {
  const signal = options.signal ?? AbortSignal.timeout(NATS_WITHIN_MS)
  const context = await createContext({ ...options, now: () => new Date(), signal }).catch((error: unknown) => {
    throw signal.aborted ? new NotMigratedError(`NATS did not answer at ${maskUrl(options.config.natsUrl)}.`) : error
  })
  try {
    await context.store.migrate((line) => options.loggers.store.info(line))
    options.loggers.app.info('streams and database are up to date')
  } finally {
    await context.close()
  }
}
