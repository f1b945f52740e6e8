import { MetricsHistoryDocument, type MetricsHistoryQuery, StatsDocument, type StatsQuery } from '../api/generated'
import { request } from '../api/request'
import { currentSession, isOfOneClient } from '../api/session'
import { type Earlier, WINDOW_SECONDS } from './rates'

const MINUTE_MS = 60_000
/** A reading is of so long before it. */
const READING_MS = 10_000

/**
 * The minutes before the stream was opened, the finest first: readings of the whole installation every ten seconds, for
 * whom they are, and by the minute what the statistics have of anybody's events. What cannot be read is left out.
 */
export async function readEarlier(): Promise<readonly Earlier[]> {
  const [readings, minutes] = await Promise.allSettled([readReadings(), request(StatsDocument, { period: 'HOUR' })])
  return [
    ...(readings.status === 'fulfilled' ? readings.value.map(ofReading) : []),
    ...(minutes.status === 'fulfilled' ? minutes.value.stats.series.map(ofMinute) : []),
  ]
}

type Reading = MetricsHistoryQuery['metricsHistory'][number]

async function readReadings(): Promise<readonly Reading[]> {
  if (isOfOneClient(currentSession())) return []
  return (await request(MetricsHistoryDocument, { minutes: Math.ceil(WINDOW_SECONDS / 60) + 1 })).metricsHistory
}

/** Webhooks that were answered stand for events: a resend counts as one, which the live stream does not. */
export function ofReading(reading: Reading): Earlier {
  const seconds = READING_MS / 1_000
  const [answered, attempts] = [reading.currentRPS * seconds, reading.deliveriesPerSecond * seconds]
  const [rejected, failed] = [answered * reading.errorRate, attempts * reading.deliveryErrorRate]
  const toMs = Date.parse(reading.at)
  return {
    fromMs: toMs - READING_MS,
    toMs,
    accepted: answered - rejected,
    rejected,
    delivered: attempts - failed,
    failed,
    p50: reading.p50DeliveryTime,
    p95: reading.p95DeliveryTime,
  }
}

/** Events that failed were given up or rejected: the statistics do not say which. */
export function ofMinute({ at, successful, failed, p50, p95 }: StatsQuery['stats']['series'][number]): Earlier {
  const fromMs = Date.parse(at)
  return {
    fromMs,
    toMs: fromMs + MINUTE_MS,
    accepted: successful + failed,
    rejected: 0,
    delivered: successful,
    failed,
    p50,
    p95,
  }
}
