import { anomalyOf, deviationOf, type Forecast, forecast, MIN_HISTORY_HOURS } from '../../domain/forecast.js'
import { addHistograms, quantile } from '../../domain/histogram.js'
import type { Money } from '../../domain/order.js'
import type { ProviderName } from '../../domain/provider.js'
import { scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts, StoreHour } from '../ports.js'
import { PERIODS, type PeriodName } from './read-stats.js'

const HOUR_MS = 3_600_000
const HISTORY_WEEKS = 8
const ANOMALY_HOURS = 24
export const MAX_AHEAD_HOURS = 48

export type AnalyticsRequest = {
  readonly clientId?: string | undefined
  readonly provider?: ProviderName | undefined
  readonly storeRef?: string | undefined
}

/** Orders in the restaurant's words. Rates are 0…1 and null where nothing came; times are milliseconds. */
export type OrderNumbers = {
  readonly orders: number
  readonly accepted: number
  readonly rejected: number
  readonly cancelled: number
  readonly acceptanceRate: number | null
  readonly cancelRate: number | null
  readonly timeToAcceptP50: number | null
  readonly timeToAcceptP95: number | null
  /** One amount for each currency. */
  readonly revenue: readonly Money[]
}

export type Analytics = OrderNumbers & {
  readonly period: PeriodName
  readonly since: string
  readonly stores: readonly (OrderNumbers & Pick<StoreHour, 'provider' | 'storeRef'>)[]
  readonly platforms: readonly (OrderNumbers & Pick<StoreHour, 'provider'>)[]
  readonly series: readonly (OrderNumbers & { readonly at: string })[]
}

/** What orders placed in a period came to, altogether, by store, by platform, and by hour or (a month) by day. */
export async function readAnalytics(
  viewer: Viewer,
  request: AnalyticsRequest & { readonly period: PeriodName },
  { analytics, now }: Pick<GraphPorts, 'analytics' | 'now'>,
): Promise<Analytics> {
  const step = request.period === 'month' ? 'day' : 'hour'
  const until = now().getTime()
  const since = new Date(until - PERIODS[request.period].lengthMs).toISOString()
  const hours = await readHours(viewer, request, { since, until: new Date(until).toISOString(), step }, analytics)
  return {
    ...numbersOf(hours),
    period: request.period,
    since,
    stores: groups(hours, ({ provider, storeRef }) => JSON.stringify([provider, storeRef])).map((among) => ({
      provider: among[0].provider,
      storeRef: among[0].storeRef,
      ...numbersOf(among),
    })),
    platforms: groups(hours, ({ provider }) => provider).map((among) => ({
      provider: among[0].provider,
      ...numbersOf(among),
    })),
    series: groups(hours, ({ at }) => at)
      .map((among) => ({ at: among[0].at, ...numbersOf(among) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1)),
  }
}

export type ForecastHour = {
  readonly at: string
  readonly expected: number
  readonly low: number
  readonly high: number
}
export type Anomaly = ForecastHour & { readonly actual: number; readonly kind: 'low' | 'high' }
export type StoreForecast = { readonly hours: readonly ForecastHour[]; readonly anomalies: readonly Anomaly[] }

/**
 * Orders of the coming hours, and hours of the last day that were not as expected, from the eight weeks before. Empty
 * where fewer than two weeks are known. The hour that has begun is the first that is forecast.
 */
export async function readForecast(
  viewer: Viewer,
  request: AnalyticsRequest & { readonly hours: number },
  { analytics, now }: Pick<GraphPorts, 'analytics' | 'now'>,
): Promise<StoreForecast> {
  if (!Number.isInteger(request.hours) || request.hours < 1 || request.hours > MAX_AHEAD_HOURS)
    throw new ApiError('BAD_USER_INPUT', `hours must be 1 to ${MAX_AHEAD_HOURS}`)
  const end = Math.floor(now().getTime() / HOUR_MS) * HOUR_MS
  const begin = end - HISTORY_WEEKS * 168 * HOUR_MS
  const range = { since: new Date(begin).toISOString(), until: new Date(end - 1).toISOString(), step: 'hour' } as const
  const read = await readHours(viewer, request, range, analytics)
  const first = Math.min(...read.map(({ at }) => Date.parse(at)))
  if (read.length === 0) return { hours: [], anomalies: [] }
  const orders = Array<number>((end - first) / HOUR_MS).fill(0)
  for (const { at, orders: count } of read) {
    const index = (Date.parse(at) - first) / HOUR_MS
    orders[index] = (orders[index] ?? 0) + count
  }
  const ahead = forecast(orders, request.hours)
  return {
    hours: (ahead?.hours ?? []).map((expected, index) => forecastHour(end + index * HOUR_MS, expected, ahead)),
    anomalies: findAnomalies(orders, first),
  }
}

function findAnomalies(orders: readonly number[], firstMs: number): readonly Anomaly[] {
  const anomalies: Anomaly[] = []
  for (let at = Math.max(MIN_HISTORY_HOURS, orders.length - ANOMALY_HOURS); at < orders.length; at += 1) {
    const expectation = forecast(orders.slice(0, at), 1)
    const [expected = 0] = expectation?.hours ?? []
    const actual = orders[at] ?? 0
    const kind = expectation === null ? null : anomalyOf(actual, expected, expectation.spread)
    if (kind !== null) anomalies.push({ ...forecastHour(firstMs + at * HOUR_MS, expected, expectation), actual, kind })
  }
  return anomalies
}

/** `low` and `high` are one standard deviation away. */
function forecastHour(atMs: number, expected: number, from: Forecast | null): ForecastHour {
  const deviation = from === null ? 0 : deviationOf(expected, from.spread)
  return {
    at: new Date(atMs).toISOString(),
    expected,
    low: Math.max(0, expected - deviation),
    high: expected + deviation,
  }
}

async function readHours(
  viewer: Viewer,
  { clientId, provider, storeRef }: AnalyticsRequest,
  range: { readonly since: string; readonly until: string; readonly step: 'hour' | 'day' },
  analytics: GraphPorts['analytics'],
): Promise<readonly StoreHour[]> {
  const client = scopeClient(viewer, clientId)
  const hours = await analytics.readOrders({ ...range, ...(client !== undefined && { clientId: client }) })
  return hours.filter(
    (hour) =>
      (provider === undefined || hour.provider === provider) &&
      (storeRef === undefined || hour.storeRef === storeRef) &&
      hour.orders > 0,
  )
}

function numbersOf(hours: readonly StoreHour[]): OrderNumbers {
  const sum = (name: 'orders' | 'accepted' | 'rejected' | 'cancelled'): number =>
    hours.reduce((total, hour) => total + hour[name], 0)
  const orders = sum('orders')
  const times = addHistograms(hours.map(({ acceptTimes }) => acceptTimes))
  const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value))
  return {
    orders,
    accepted: sum('accepted'),
    rejected: sum('rejected'),
    cancelled: sum('cancelled'),
    acceptanceRate: orders === 0 ? null : sum('accepted') / orders,
    cancelRate: orders === 0 ? null : sum('cancelled') / orders,
    timeToAcceptP50: rounded(quantile(times, 0.5)),
    timeToAcceptP95: rounded(quantile(times, 0.95)),
    revenue: revenueOf(hours),
  }
}

function revenueOf(hours: readonly StoreHour[]): readonly Money[] {
  const sums = new Map<string, number>()
  for (const { currency, amount } of hours.flatMap(({ revenue }) => revenue))
    sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].filter(([, amount]) => amount !== 0).map(([currency, amount]) => ({ currency, amount }))
}

type Group = readonly [StoreHour, ...StoreHour[]]

function groups(hours: readonly StoreHour[], keyOf: (hour: StoreHour) => string): readonly Group[] {
  const grouped = new Map<string, [StoreHour, ...StoreHour[]]>()
  for (const hour of hours) {
    const group = grouped.get(keyOf(hour))
    if (group === undefined) grouped.set(keyOf(hour), [hour])
    else group.push(hour)
  }
  return [...grouped.values()]
}
