import type { AnalyticsQuery, ForecastQuery } from '../../api/generated'

const HOUR_MS = 3_600_000
const HOURS_BEFORE = 24

/** One hour of the chart; what is not known of it is null. */
export type ForecastPoint = {
  readonly at: number
  readonly actual: number | null
  readonly expected: number | null
  readonly low: number | null
  readonly high: number | null
  readonly anomaly: number | null
}

/** Hour by hour: the day before, then what is ahead. */
export function forecastPoints(
  { hours, anomalies }: ForecastQuery['forecast'],
  series: AnalyticsQuery['analytics']['series'],
): readonly ForecastPoint[] {
  const next = Date.parse(hours[0]?.at ?? '')
  const placed = new Map(series.map(({ at, orders }) => [Date.parse(at), orders]))
  const odd = new Map(anomalies.map(({ at, actual }) => [Date.parse(at), actual]))
  const before = Array.from({ length: HOURS_BEFORE }, (_, index): ForecastPoint => {
    const at = next - (HOURS_BEFORE - index) * HOUR_MS
    return { at, actual: placed.get(at) ?? 0, expected: null, low: null, high: null, anomaly: odd.get(at) ?? null }
  })
  const ahead = hours.map(
    ({ at, expected, low, high }): ForecastPoint => ({
      at: Date.parse(at),
      actual: null,
      expected,
      low: Math.max(0, low),
      high,
      anomaly: null,
    }),
  )
  return [...before, ...ahead]
}
