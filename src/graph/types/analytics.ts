import type { Money } from '../../domain/order.js'
import type { Builder, ObjectType } from '../builder.js'
import { AGGREGATE_COST } from '../limits.js'
import {
  type Analytics,
  type Anomaly,
  type ForecastHour,
  type OrderNumbers,
  readAnalytics,
  readForecast,
  type StoreForecast,
} from '../operations/read-analytics.js'
import type { Enums } from './enums.js'

type NumberFields = Parameters<NonNullable<Parameters<ReturnType<typeof numbersRef>['implement']>[0]['fields']>>[0]
const numbersRef = (builder: Builder) => builder.objectRef<OrderNumbers>('')

/** `analytics` and `forecast`: orders in the restaurant's words. */
export function defineAnalytics(builder: Builder, enums: Enums, money: ObjectType<Money>): void {
  const numbers = (t: NumberFields) => ({
    orders: t.exposeInt('orders', { description: 'Placed; test orders are left out' }),
    accepted: t.exposeInt('accepted'),
    rejected: t.exposeInt('rejected'),
    cancelled: t.exposeInt('cancelled'),
    acceptanceRate: t.exposeFloat('acceptanceRate', { nullable: true, description: '0…1' }),
    cancelRate: t.exposeFloat('cancelRate', { nullable: true, description: '0…1' }),
    timeToAcceptP50: t.exposeInt('timeToAcceptP50', {
      nullable: true,
      description: 'Milliseconds from placing to acceptance, within 2 %',
    }),
    timeToAcceptP95: t.exposeInt('timeToAcceptP95', { nullable: true }),
    revenue: t.field({
      type: [money],
      description: 'Of orders that were not lost, one amount for each currency',
      resolve: ({ revenue }) => [...revenue],
    }),
  })
  const store = builder.objectRef<Analytics['stores'][number]>('StoreAnalytics').implement({
    fields: (t) => ({
      provider: t.expose('provider', { type: enums.ProviderName }),
      storeRef: t.exposeString('storeRef', { nullable: true, description: "The platform's id of the restaurant" }),
      ...numbers(t),
    }),
  })
  const platform = builder.objectRef<Analytics['platforms'][number]>('PlatformAnalytics').implement({
    fields: (t) => ({ provider: t.expose('provider', { type: enums.ProviderName }), ...numbers(t) }),
  })
  const point = builder.objectRef<Analytics['series'][number]>('AnalyticsPoint').implement({
    fields: (t) => ({ at: t.expose('at', { type: 'DateTime' }), ...numbers(t) }),
  })
  const analytics = builder.objectRef<Analytics>('Analytics').implement({
    description: 'Orders placed in a period, in the restaurant’s words',
    fields: (t) => ({
      period: t.expose('period', { type: enums.Period }),
      since: t.expose('since', { type: 'DateTime' }),
      ...numbers(t),
      stores: t.field({ type: [store], resolve: ({ stores }) => [...stores] }),
      platforms: t.field({ type: [platform], resolve: ({ platforms }) => [...platforms] }),
      series: t.field({
        type: [point],
        description: 'Hours, or days of a month, in which an order was placed',
        resolve: ({ series }) => [...series],
      }),
    }),
  })
  const forecast = defineForecast(builder)
  builder.queryFields((t) => {
    const scope = {
      clientId: t.arg.id(),
      provider: t.arg({ type: enums.ProviderName }),
      storeRef: t.arg.string(),
    }
    return {
      analytics: t.field({
        type: analytics,
        args: { ...scope, period: t.arg({ type: enums.Period, required: true, defaultValue: 'day' }) },
        resolve: (_, { period, ...given }, { viewer, ports, budget }) => {
          budget.charge(AGGREGATE_COST)
          return readAnalytics(viewer, { period, ...scopeOf(given) }, ports)
        },
      }),
      forecast: t.field({
        type: forecast,
        description: 'Orders of the coming hours, from the eight weeks before; empty until two weeks are known',
        args: { ...scope, hours: t.arg.int({ required: true, defaultValue: 12, description: '1 to 48' }) },
        resolve: (_, { hours, ...given }, { viewer, ports, budget }) => {
          budget.charge(AGGREGATE_COST)
          return readForecast(viewer, { hours, ...scopeOf(given) }, ports)
        },
      }),
    }
  })
}

function defineForecast(builder: Builder): ObjectType<StoreForecast> {
  const hour = builder.objectRef<ForecastHour>('ForecastHour').implement({
    fields: (t) => ({
      at: t.expose('at', { type: 'DateTime' }),
      expected: t.exposeFloat('expected', { description: 'Orders' }),
      low: t.exposeFloat('low', { description: 'One standard deviation below' }),
      high: t.exposeFloat('high', { description: 'One standard deviation above' }),
    }),
  })
  const anomaly = builder.objectRef<Anomaly>('OrderAnomaly').implement({
    description: 'An hour of the last day that was far from what was expected of it',
    fields: (t) => ({
      at: t.expose('at', { type: 'DateTime' }),
      actual: t.exposeInt('actual'),
      expected: t.exposeFloat('expected'),
      kind: t.exposeString('kind', { description: 'low or high' }),
    }),
  })
  return builder.objectRef<StoreForecast>('OrderForecast').implement({
    fields: (t) => ({
      hours: t.field({ type: [hour], resolve: ({ hours }) => [...hours] }),
      anomalies: t.field({ type: [anomaly], resolve: ({ anomalies }) => [...anomalies] }),
    }),
  })
}

/** GraphQL says null where it was told nothing. */
function scopeOf(given: {
  readonly clientId?: string | null | undefined
  readonly provider?: string | null | undefined
  readonly storeRef?: string | null | undefined
}) {
  return {
    clientId: given.clientId ?? undefined,
    provider: given.provider ?? undefined,
    storeRef: given.storeRef ?? undefined,
  }
}
