import type { Log } from '../../domain/log.js'
import type { ProviderName } from '../../domain/provider.js'
import type { Builder, ObjectType } from '../builder.js'
import { AGGREGATE_COST } from '../limits.js'
import { readRetryStats, readStats, type Stats } from '../operations/read-stats.js'
import type { LogCounts, ProviderCount, RetryStats, StatsCount } from '../ports.js'
import type { Enums } from './enums.js'

/** `stats` and `retryStats`. */
export function defineStats(builder: Builder, enums: Enums, log: ObjectType<Log>) {
  const provider = builder.objectRef<ProviderCount & { readonly provider: ProviderName }>('ProviderStats').implement({
    fields: (t) => ({
      provider: t.expose('provider', { type: enums.ProviderName }),
      total: t.exposeInt('total'),
      successful: t.exposeInt('successful'),
      failed: t.exposeInt('failed'),
    }),
  })
  const counts = (t: CountFields) => ({
    total: t.exposeInt('total', { description: 'successful + failed' }),
    successful: t.exposeInt('successful'),
    failed: t.exposeInt('failed'),
    pending: t.exposeInt('pending', { description: 'In flight' }),
    avgResponseTime: t.exposeInt('avgResponseTime', { description: 'Milliseconds' }),
    p50: t.exposeInt('p50', { nullable: true, description: 'Milliseconds, within 2 %; null where nothing was tried' }),
    p95: t.exposeInt('p95', { nullable: true }),
    p99: t.exposeInt('p99', { nullable: true }),
  })
  const point = builder.objectRef<StatsCount['series'][number]>('StatsPoint').implement({
    description: 'One step of a series: a minute, an hour or a day (UTC)',
    fields: (t) => ({ at: t.expose('at', { type: 'DateTime', description: 'Where the step begins' }), ...counts(t) }),
  })
  const stats = builder.objectRef<Stats>('Stats').implement({
    fields: (t) => ({
      period: t.expose('period', { type: enums.Period }),
      since: t.expose('since', {
        type: 'DateTime',
        description: 'The first moment that counts: the beginning of a minute (hour, day) or an hour (week, month)',
      }),
      ...counts(t),
      series: t.field({
        type: [point],
        description: 'By the minute for an hour, by the hour for a day and a week, by the day for a month',
        resolve: ({ series }) => [...series],
      }),
      providers: t.field({ type: [provider], resolve: ({ providers }) => providerRows(providers) }),
      recentEvents: t.field({
        type: [log],
        description: 'The newest ten',
        resolve: async ({ recentEvents }) => [...(await recentEvents())],
      }),
    }),
  })
  const retryStats = builder.objectRef<RetryStats>('RetryStats').implement({
    fields: (t) => ({
      scheduled: t.exposeInt('scheduled', { description: 'Logs waiting for their next attempt' }),
      overdue: t.exposeInt('overdue', { description: 'Of those, due more than a minute ago' }),
      nextDueAt: t.expose('nextDueAt', { type: 'DateTime', nullable: true }),
      dead: t.exposeInt('dead', { description: 'Logs given up' }),
      recovered: t.exposeInt('recovered', { description: 'Logs delivered after more than one attempt' }),
    }),
  })
  builder.queryFields((t) => ({
    stats: t.field({
      type: stats,
      args: {
        provider: t.arg({ type: enums.ProviderName }),
        clientId: t.arg.id(),
        period: t.arg({ type: enums.Period, required: true, defaultValue: 'day' }),
      },
      resolve: (_, { provider, clientId, period }, { viewer, ports, budget }) => {
        budget.charge(AGGREGATE_COST)
        return readStats(viewer, { provider: provider ?? undefined, clientId: clientId ?? undefined, period }, ports)
      },
    }),
    retryStats: t.field({
      type: retryStats,
      resolve: (_, __, { viewer, ports, budget }) => {
        budget.charge(AGGREGATE_COST)
        return readRetryStats(viewer, ports)
      },
    }),
  }))
  return { stats }
}

type CountFields = Parameters<NonNullable<Parameters<ReturnType<typeof countsRef>['implement']>[0]['fields']>>[0]
const countsRef = (builder: Builder) => builder.objectRef<LogCounts>('')

function providerRows(providers: Stats['providers']) {
  // Object.entries forgets that the keys are provider names.
  return Object.entries(providers).map(([provider, count]) => ({ provider, ...count }))
}
