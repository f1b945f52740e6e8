import type { Alert } from '../../domain/alert.js'
import { pause } from '../../lib/wait.js'
import type { Channel } from './channels.js'

export type NotifierOptions = {
  readonly channels: readonly Channel[]
  /** The same rule about the same subject is told once within this time. */
  readonly quietMs: number
  /** Alerts that fired before, newest first. */
  history(): readonly Alert[]
  /** Delays before each further try. */
  readonly retryDelaysMs?: readonly number[]
  onTold(alert: Alert, channel: Channel['name']): void
  /** `isLast`: nobody was told by this channel. */
  onError(error: unknown, about: { readonly alert: Alert; readonly channel: Channel['name']; isLast: boolean }): void
}

export type Notifier = {
  notify(alert: Alert): void
  /** Waits for what is under way, at most one try of it. */
  stop(): Promise<void>
}

const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000]
/** More than this under way at once is a storm, in which one more message helps nobody; it is still in the API. */
const MAX_UNDER_WAY = 500

/** Tells every channel on its own: one that is away delays no other. */
export function createNotifier(options: NotifierOptions): Notifier {
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const delays = options.retryDelaysMs ?? RETRY_DELAYS_MS
  const tell = async (alert: Alert, channel: Channel): Promise<void> => {
    for (let tries = 0; tries <= delays.length; tries += 1) {
      try {
        await channel.send(alert)
        return options.onTold(alert, channel.name)
      } catch (error) {
        const isLast = tries === delays.length || stopping.signal.aborted
        options.onError(error, { alert, channel: channel.name, isLast })
        if (isLast) return
        await pause(delays[tries] ?? 0, stopping.signal)
      }
    }
  }
  return {
    notify: (alert) => {
      if (isQuiet(alert, options.history(), options.quietMs)) return
      for (const channel of options.channels) {
        if (underWay.size >= MAX_UNDER_WAY) return
        const telling = tell(alert, channel).finally(() => underWay.delete(telling))
        underWay.add(telling)
      }
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(underWay)
      for (const channel of options.channels) channel.close()
    },
  }
}

/**
 * Whether an alert is one that came again too soon after one that was told. It follows from the history alone, so it
 * is the same after a restart, and that an alert cleared is told exactly where its firing was.
 */
export function isQuiet(alert: Alert, history: readonly Alert[], quietMs: number): boolean {
  const before = history
    .filter(({ rule, subject, firedAt }) => rule === alert.rule && subject === alert.subject && firedAt < alert.firedAt)
    .map(({ firedAt }) => Date.parse(firedAt))
    .sort((a, b) => a - b)
  let toldAt = Number.NEGATIVE_INFINITY
  for (const at of before) if (at - toldAt >= quietMs) toldAt = at
  return Date.parse(alert.firedAt) - toldAt < quietMs
}
