import type { Secrets } from '../config/config.js'
import { openErrorReports } from '../observability/error-reports.js'
import type { OnError } from '../observability/logger.js'

/**
 * Runs a command with what its loggers tell of errors, where SENTRY_DSN says so. What ends the command is reported too,
 * and everything is sent before this resolves or rejects.
 * @param role what the process does, a tag of every report
 */
export async function reportErrors(
  { sentryDsn }: Pick<Secrets, 'sentryDsn'>,
  role: string,
  run: (options: { readonly onError?: OnError }) => Promise<void>,
): Promise<void> {
  if (sentryDsn === undefined) return run({})
  const reports = await openErrorReports(sentryDsn, role)
  try {
    await run({ onError: reports.report })
  } catch (error) {
    reports.report(error, 'the process cannot go on', {})
    throw error
  } finally {
    await reports.close()
  }
}
