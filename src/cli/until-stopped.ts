/** Draining ends by itself well before. */
const FORCED_AFTER_MS = 10_000
const FORCED_EXIT_CODE = 1
const SAME_SIGNAL_MS = 1_000

/**
 * Resolves at SIGINT, at SIGTERM, or when the process that started us over a channel is gone. A second signal, or ten
 * seconds of shutting down (after `delayMs` of leaving the load balancers), end the process at once.
 */
export function untilStopped(delayMs = 0): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined
    const stop = (): void => {
      // A terminal's Ctrl-C often comes twice at once: from the terminal, and passed on by npm.
      if (askedAt !== undefined && Date.now() - askedAt > SAME_SIGNAL_MS) process.exit(FORCED_EXIT_CODE)
      if (askedAt !== undefined) return
      askedAt = Date.now()
      // Listened to until now; it must not keep us alive once everything has stopped.
      process.channel?.unref()
      setTimeout(() => process.exit(FORCED_EXIT_CODE), delayMs + FORCED_AFTER_MS).unref()
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    if (process.channel !== undefined) process.on('disconnect', stop)
  })
}
