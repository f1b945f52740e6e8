import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import type { ProviderName } from '../domain/provider.js'
import { createProviderRegistry } from '../providers/registry.js'
import { createBuilder } from './builder.js'
import { defineAlerts } from './types/alerts.js'
import { defineAnalytics } from './types/analytics.js'
import { defineAudit } from './types/audit.js'
import { definePageInfo } from './types/connection.js'
import { defineDeadLetter } from './types/dead-letter.js'
import { defineEnums } from './types/enums.js'
import { defineLiveEvent } from './types/live-event.js'
import { defineLog } from './types/log.js'
import { defineMenu } from './types/menu.js'
import { defineMetrics } from './types/metrics.js'
import { defineMoney } from './types/money.js'
import { defineOrder } from './types/order.js'
import { defineProvider } from './types/provider.js'
import { defineReplay } from './types/replay.js'
import { defineRotateSecret } from './types/rotate-secret.js'
import { defineStats } from './types/stats.js'
import { defineStatsSubscription } from './types/stats-subscription.js'
import { defineSystem } from './types/system.js'
import { defineWebhook } from './types/webhook.js'

/**
 * The whole schema: every type registers itself, with its queries and mutations.
 * @param providerNames the installation's providers: the values of `ProviderName`
 */
export function createSchema(providerNames: readonly ProviderName[]): GraphQLSchema {
  const builder = createBuilder()
  const enums = defineEnums(builder, providerNames)
  const pageInfo = definePageInfo(builder)
  const money = defineMoney(builder)
  const { order } = defineOrder(builder, { enums, pageInfo, money })
  defineMenu(builder, { enums, pageInfo, money })
  const { log, logFilter } = defineLog(builder, { enums, pageInfo, order })
  const { stats } = defineStats(builder, enums, log)
  defineMetrics(builder)
  defineAlerts(builder)
  defineAnalytics(builder, enums, money)
  defineStatsSubscription(builder, enums, stats)
  defineWebhook(builder, { enums, pageInfo, log })
  defineProvider(builder, enums)
  defineSystem(builder)
  defineLiveEvent(builder, enums, log)
  defineReplay(builder, { enums, pageInfo, logFilter })
  defineDeadLetter(builder, { enums, pageInfo, log })
  defineRotateSecret(builder)
  defineAudit(builder, pageInfo)
  return builder.toSchema()
}

/** The text committed as schema.graphql: with the built-in providers. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(createSchema(createProviderRegistry().names)))}\n`
}
