import { type Config, maskUrl, type Secrets } from '../config/config.js'
import { MAX_RETRY_DELAY_MS } from '../domain/retry.js'
import type { Loggers } from '../observability/logger.js'
import { rewindConsumer } from '../stream/rewind.js'
import { createContext } from './context.js'

/** NATS has this long to answer. */
const NATS_WITHIN_MS = 60_000

/** Why nothing was rewound, in a sentence. */
export class NotRewoundError extends Error {
  override readonly name = 'NotRewoundError'
  readonly code = 'NOT_REWOUND'
}

/**
 * After streams were restored, before processors run: has the deliveries of the last hour before the backup gone through again. What ACTIVITY
 * tells to be done, or waits for its next attempt, stays as it is; a retry that fell due while it was backed up (it left
 * the schedule, and its new place was not copied) is made. An hour, because no retry waits longer.
 */
export async function rewindDeliveries(options: {
  readonly config: Config
  readonly secrets: Secrets
  readonly loggers: Loggers
}): Promise<void> {
  const signal = AbortSignal.timeout(NATS_WITHIN_MS)
  const context = await createContext({ ...options, now: () => new Date(), signal }).catch((error: unknown) => {
    throw signal.aborted ? new NotRewoundError(`NATS did not answer at ${maskUrl(options.config.natsUrl)}.`) : error
  })
  const { deliverHigh, deliverMedium, deliverLow } = context.topology.consumers
  try {
    for (const consumer of [deliverHigh, deliverMedium, deliverLow]) {
      const from = await rewindConsumer(context.connection, consumer, MAX_RETRY_DELAY_MS).catch((error: Error) => {
        const { durable_name: name } = consumer.config
        throw new NotRewoundError(`nats-server, which must be 2.14 or later, did not rewind ${name}: ${error.message}`)
      })
      options.loggers.app.info({ consumer: consumer.config.durable_name, from }, 'consumer is rewound')
    }
  } finally {
    await context.close()
  }
}
