import type { Builder, ObjectType } from '../builder.js'
import { followStats } from '../operations/follow-stats.js'
import type { Stats } from '../operations/read-stats.js'
import type { Enums } from './enums.js'

/** The subscription `stats`. */
export function defineStatsSubscription(builder: Builder, enums: Enums, stats: ObjectType<Stats>): void {
  builder.subscriptionFields((t) => ({
    stats: t.field({
      type: stats,
      description: 'The statistics now, and again whenever they have changed, at most once an interval',
      args: {
        provider: t.arg({ type: enums.ProviderName }),
        clientId: t.arg.id(),
        period: t.arg({ type: enums.Period, required: true, defaultValue: 'hour' }),
        intervalMs: t.arg.int({ defaultValue: 1_000, description: '250 to 60000' }),
      },
      subscribe: (_, { provider, clientId, period, intervalMs }, { viewer, ports }) =>
        followStats(
          viewer,
          { provider: provider ?? undefined, clientId: clientId ?? undefined, period },
          intervalMs ?? 1_000,
          ports,
        ),
      resolve: (found) => found,
    }),
  }))
}
