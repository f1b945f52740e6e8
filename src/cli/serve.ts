import { startApp } from '../app/app.js'
import { type Role, readConfig } from '../config/config.js'
import { createLoggers } from '../observability/logger.js'
import { reportErrors } from './report-errors.js'
import { untilStopped } from './until-stopped.js'

/** Runs a role until SIGTERM or SIGINT. Rejects with ConfigError when the environment is wrong. */
export async function serve(role: Role): Promise<void> {
  const { config, secrets } = readConfig(process.env, role)
  await reportErrors(secrets, role, async (options) => {
    const loggers = createLoggers(config.logLevel, { role }, options)
    const stopping = new AbortController()
    const stopRequested = untilStopped(config.shutdownDelayMs)
    void stopRequested.then(() => stopping.abort())
    const app = await startApp({ config, secrets, loggers, signal: stopping.signal })
    await stopRequested
    await app.stop()
  })
}
