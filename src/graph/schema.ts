import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { createBuilder } from './builder.js'
import { defineEnums } from './types/enums.js'
import { defineLiveEvent } from './types/live-event.js'
import { defineLog } from './types/log.js'
import { defineStats } from './types/stats.js'
import { defineSystem } from './types/system.js'
import { defineWebhook } from './types/webhook.js'

/** The whole schema: every type registers itself, with its queries and mutations. */
export function createSchema(): GraphQLSchema {
  const builder = createBuilder()
  const enums = defineEnums(builder)
  const { log } = defineLog(builder, enums)
  defineStats(builder, enums, log)
  defineWebhook(builder, enums)
  defineSystem(builder, enums)
  defineLiveEvent(builder, enums, log)
  return builder.toSchema()
}

/** The text committed as schema.graphql. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`
}
