import { ALL_CLIENTS, bucketId, type Span, startOf, type Tally } from './bucket.js'
import { bucketOf } from './histogram.js'
import type { LogStatus } from './log.js'
import type { ProviderName } from './provider.js'

/** The parts of a log that stats are made of. */
export type CountedLog = {
  readonly provider: ProviderName
  readonly clientId: string
  readonly status: LogStatus
  /** When it was received, ms since 1970. */
  readonly atMs: number
  /** Milliseconds; null before the first attempt. */
  readonly responseTime: number | null
}

const LOG_SPANS: readonly Span[] = ['minute', 'hour', 'day']

/**
 * Where a log counts: in its minute, hour and day, for its client and for all, under its platform. Response times are
 * counted for all platforms together besides, so that who asks for no platform reads one histogram and not each.
 */
export function talliesOfLog({ provider, clientId, status, atMs, responseTime }: CountedLog): readonly Tally[] {
  const counts: (readonly [path: string, amount: number])[] = [[`counts.${provider}.${status}`, 1]]
  if (responseTime !== null) {
    const slot = bucketOf(responseTime)
    counts.push([`counts.${provider}.time`, responseTime], [`times.${provider}.${slot}`, 1], [`allTimes.${slot}`, 1])
  }
  return LOG_SPANS.flatMap((span) =>
    [clientId, ALL_CLIENTS].flatMap((scope) => {
      const bucket = bucketId('logs', span, scope, startOf(span, atMs))
      return counts.map(([path, amount]) => ({ bucket, path, amount }))
    }),
  )
}
