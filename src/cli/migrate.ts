import { migrateOnce } from '../app/migrate.js'
import { readConfig } from '../config/config.js'
import { createLoggers } from '../observability/logger.js'
import { reportErrors } from './report-errors.js'

/** Brings streams and database up to date once. Rejects when the environment is wrong or either cannot be had in time. */
export async function migrate(): Promise<void> {
  const { config, secrets } = readConfig(process.env, 'all')
  await reportErrors(secrets, 'migrate', (options) =>
    migrateOnce({ config, secrets, loggers: createLoggers(config.logLevel, { role: 'migrate' }, options) }),
  )
}
