import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import type { ProviderName } from '../domain/provider.js'
import { createProviderRegistry } from '../providers/registry.js'
import { createBuilder } from './builder.js'
import { defineEnums } from './types/enums.js'
import { defineLiveEvent } from './types/live-event.js'
import { defineLog } from './types/log.js'
import { defineStats } from './types/stats.js'
import { defineSystem } from './types/system.js'
import { defineWebhook } from './types/webhook.js'

/**
 * The whole schema: every type registers itself, with its queries and mutations.
 * @param providerNames the installation's providers: the values of `ProviderName`
 */
export function createSchema(providerNames: readonly ProviderName[]): GraphQLSchema {
  const builder = createBuilder()
  const enums = defineEnums(builder, providerNames)
  const { log } = defineLog(builder, enums)
  defineStats(builder, enums, log)
  defineWebhook(builder, enums)
  defineSystem(builder, enums)
  defineLiveEvent(builder, enums, log)
  return builder.toSchema()
}

/** The text committed as schema.graphql: with the built-in providers. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(createSchema(createProviderRegistry().names)))}\n`
}
