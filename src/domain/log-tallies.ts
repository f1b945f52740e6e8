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

/** Where a log counts: in its minute, hour and day, for its client and for all, under its provider. */
export function talliesOfLog({ provider, clientId, status, atMs, responseTime }: CountedLog): readonly Tally[] {
  const counts: (readonly [path: string, amount: number])[] = [[status, 1]]
  if (responseTime !== null) counts.push(['timed', 1], ['time', responseTime], [`times.${bucketOf(responseTime)}`, 1])
  return LOG_SPANS.flatMap((span) =>
    [clientId, ALL_CLIENTS].flatMap((scope) => {
      const bucket = bucketId('logs', span, scope, startOf(span, atMs))
      return counts.map(([path, amount]) => ({ bucket, path: `providers.${provider}.${path}`, amount }))
    }),
  )
}
