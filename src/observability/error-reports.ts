/** What is wrong, to an error tracker that speaks Sentry's protocol. */
export type ErrorReports = {
  /** @param fields ids and words of our own: never a payload or a secret */
  report(error: unknown, message: string, fields: Readonly<Record<string, unknown>>): void
  /** Sends what waits, at most two seconds. */
  close(): Promise<void>
}

const FLUSH_MS = 2_000

/**
 * Opens SENTRY_DSN. The SDK is loaded only here and only then, in its light form: it patches nothing, and sends no
 * requests, headers, variables or breadcrumbs of its own.
 * @param role what the process does, a tag of every report
 */
export async function openErrorReports(dsn: string, role: string): Promise<ErrorReports> {
  const sentry = await import('@sentry/node-core/light')
  const client = sentry.init({
    dsn,
    defaultIntegrations: false,
    sendDefaultPii: false,
    initialScope: { tags: { role } },
  })
  return {
    report: (error, message, fields) => {
      sentry.captureException(error instanceof Error ? error : new Error(message), { extra: { message, ...fields } })
    },
    close: async () => {
      await client?.close(FLUSH_MS)
    },
  }
}
