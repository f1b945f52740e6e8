import { rewindDeliveries } from '../app/rewind.js'
import { readConfig } from '../config/config.js'
import { createLoggers } from '../observability/logger.js'
import { reportErrors } from './report-errors.js'

/** Has the last hour's deliveries gone through again, after a restore and before processors run. Rejects when NATS cannot be had in time. */
export async function rewind(): Promise<void> {
  const { config, secrets } = readConfig(process.env, 'all')
  await reportErrors(secrets, 'rewind', (options) =>
    rewindDeliveries({ config, secrets, loggers: createLoggers(config.logLevel, { role: 'rewind' }, options) }),
  )
}
