import { startApp } from '../app/app.js'
import { type Role, readConfig } from '../config/config.js'
import { openErrorReports } from '../observability/error-reports.js'
import { createLoggers } from '../observability/logger.js'
import { untilStopped } from './until-stopped.js'

/** Runs a role until SIGTERM or SIGINT. Rejects with ConfigError when the environment is wrong. */
export async function serve(role: Role): Promise<void> {
  const { config, secrets } = readConfig(process.env, role)
  const reports = secrets.sentryDsn === undefined ? undefined : await openErrorReports(secrets.sentryDsn)
  const loggers = createLoggers(config.logLevel, { role }, { ...(reports && { onError: reports.report }) })
  const stopping = new AbortController()
  const stopRequested = untilStopped(config.shutdownDelayMs)
  void stopRequested.then(() => stopping.abort())
  const app = await startApp({ config, secrets, loggers, signal: stopping.signal })
  await stopRequested
  await app.stop()
  await reports?.close()
  // A part that did not stop in its time must not keep the process.
  process.exit()
}
