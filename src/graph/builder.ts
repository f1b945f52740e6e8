import SchemaBuilder from '@pothos/core'
import { GraphQLError } from 'graphql'
import type { ClientSettings } from '../domain/client.js'
import type { Caller } from './auth.js'
import type { Budget } from './limits.js'
import type { Loaders } from './loaders.js'
import type { GraphPorts } from './ports.js'

/** What every resolver is given. */
export type GraphContext = {
  readonly viewer: Caller
  readonly ports: GraphPorts
  /** Reads by id, gathered over the operation's fields. */
  readonly loaders: Loaders
  /** What this operation may still read. */
  readonly budget: Budget
  /** Where platforms reach us. */
  readonly baseUrl: string
  /** Settings a client starts with. */
  readonly defaults: ClientSettings
}

type Scalars = {
  /** RFC 3339 UTC with milliseconds. */
  DateTime: { Input: string; Output: string }
  JSON: { Input: unknown; Output: unknown }
}

export type Builder = ReturnType<typeof createBuilder>

/** An implemented object type, for types that refer to it. */
export type ObjectType<T> = ReturnType<ReturnType<typeof objectRef<T>>['implement']>
const objectRef = <T>(builder: Builder) => builder.objectRef<T>('')

/** A builder with the scalars and the three root types; types/ add to it. */
export function createBuilder() {
  const builder = new SchemaBuilder<{ Context: GraphContext; Scalars: Scalars; DefaultFieldNullability: false }>({
    defaultFieldNullability: false,
  })
  builder.scalarType('DateTime', {
    description: 'A moment as RFC 3339 text, answered in UTC with milliseconds',
    serialize: (value) => value,
    parseValue: parseDateTime,
  })
  builder.scalarType('JSON', {
    description: 'Any JSON value',
    serialize: (value) => value,
    parseValue: (value) => value,
  })
  builder.queryType({})
  builder.mutationType({})
  builder.subscriptionType({})
  return builder
}

function parseDateTime(value: unknown): string {
  const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? new Date(value) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime()))
    throw new GraphQLError('A DateTime is an RFC 3339 text such as 2026-03-14T17:05:12Z', {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  return at.toISOString()
}
