import { z } from 'zod'
import type { ProviderName } from '../../domain/provider.js'
import { REST_OPERATIONS, type RestOperation } from './operations.js'
import { errorSchema, healthSchema } from './schemas.js'
import { API_VERSIONS, type ApiVersion } from './versions.js'

/** A part of an OpenAPI document: what a tool reads, not we. */
export type Json = { readonly [name: string]: unknown }

export type OpenApi = Json & { readonly info: Json; readonly paths: { readonly [path: string]: Json } }

const ERRORS: Readonly<Record<number, string>> = {
  400: 'Something in the request is not as it must be; `details` names each field',
  401: 'No valid token',
  403: 'The token may not do this',
  404: 'There is no such thing, or it is not yours to see',
  409: 'It cannot be done as things stand',
  413: 'The body is larger than 256 KiB',
  503: 'What is needed is away; try again soon',
}
const ALWAYS = [401, 403, 413, 503]

/** The OpenAPI 3.1 document of the REST API, made of the tables that serve it. */
export function createOpenApi(options: { readonly providers: readonly ProviderName[] }): OpenApi {
  const components = new Map<string, unknown>()
  const paths = new Map<string, Record<string, unknown>>()
  for (const version of API_VERSIONS) {
    for (const operation of REST_OPERATIONS as readonly RestOperation[]) {
      const path = `${version.base}/${operation.path.replaceAll(/:(\w+)/g, '{$1}')}`
      const described = describe(operation, version, options.providers, components)
      paths.set(path, { ...paths.get(path), [operation.method]: described })
    }
  }
  paths.set('/health', { get: health(components) })
  return {
    openapi: '3.1.0',
    info: {
      title: 'orderwire',
      version: '1',
      description: 'The REST API of a webhook gateway between delivery platforms and point-of-sale systems',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [
      { name: 'webhooks', description: 'Registrations, logs, statistics, retries and configuration' },
      { name: 'system', description: 'The installation itself' },
    ],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: Object.fromEntries(components),
    },
  }
}

function describe(
  operation: RestOperation,
  version: ApiVersion,
  providers: readonly ProviderName[],
  components: Map<string, unknown>,
): Json {
  const { id, summary, role, query, body, takesKey, answer, errors } = operation
  const isFirst = version === API_VERSIONS[0]
  const failures = [...new Set([...(query || body ? [400] : []), ...errors, ...ALWAYS])].sort()
  return {
    operationId: isFirst ? id : `${id}${version.base.replaceAll(/[^a-z0-9]/g, '_')}`,
    summary,
    description: `Needs the role ${role}.`,
    tags: ['webhooks'],
    ...(version.deprecatedAt !== undefined && { deprecated: true }),
    parameters: [
      ...[...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string', minLength: 1 },
      })),
      ...queryParameters(query, providers),
      ...(takesKey
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              description: 'The same key gives what it made the first time',
              schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
            },
          ]
        : []),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: content(withProviders(jsonSchema(body, 'input', components), providers)),
      },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        content: content(jsonSchema(answer.schema, 'output', components)),
      },
      ...failureAnswers(failures, components),
    },
  }
}

function health(components: Map<string, unknown>): Json {
  const answer = content(jsonSchema(healthSchema, 'output', components))
  return {
    operationId: 'readHealth',
    summary: 'Whether orders are taken and handed on',
    tags: ['system'],
    security: [],
    responses: {
      200: { description: 'Orders are taken: `ok`, or `degraded` where handing on waits', content: answer },
      ...failureAnswers([413], components),
      503: { description: 'Orders are not taken: `down`', content: answer },
    },
  }
}

function failureAnswers(statuses: readonly number[], components: Map<string, unknown>): Json {
  const schema = jsonSchema(errorSchema, 'output', components)
  return Object.fromEntries(
    statuses.map((status) => [status, { description: ERRORS[status] ?? 'Refused', content: content(schema) }]),
  )
}

function queryParameters(query: z.ZodObject | undefined, providers: readonly ProviderName[]): readonly Json[] {
  if (query === undefined) return []
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: name === 'provider' ? { type: 'string', enum: providers } : (QUERY_SCHEMAS[name] ?? schema),
  }))
}

/** Which providers there are is the installation's, not the schema's. */
function withProviders(schema: Json, providers: readonly ProviderName[]): Json {
  const { properties } = schema
  if (typeof properties !== 'object' || properties === null || !('provider' in properties)) return schema
  return { ...schema, properties: { ...properties, provider: { type: 'string', enum: providers } } }
}

/** Numbers and dates come as text; a reader is told what the text must be. */
const QUERY_SCHEMAS: Readonly<Record<string, Json>> = {
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  offset: { type: 'integer', minimum: 0, maximum: 1_000_000, default: 0 },
  startDate: { type: 'string', format: 'date-time' },
  endDate: { type: 'string', format: 'date-time' },
  period: { type: 'string', enum: ['hour', 'day', 'week', 'month'], default: 'day' },
}

function content(schema: Json): Json {
  return { 'application/json': { schema } }
}

/** A schema as JSON Schema 2020-12, which OpenAPI 3.1 takes as it is; those with an id go to the components. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Map<string, unknown>): Json {
  const {
    $schema: _,
    $defs = {},
    ...own
  } = z.toJSONSchema(schema, {
    io,
    reused: 'inline',
    unrepresentable: 'any',
    // What a later version adds must not break who checks today's answers.
    override: ({ jsonSchema: made }) => {
      if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties
    },
  })
  const move = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('#/$defs/', '#/components/schemas/'))
  for (const [name, def] of Object.entries($defs)) components.set(name, move(withoutId(def)))
  const id = own.id
  if (id === undefined) return move(own) as Json
  components.set(id, move(withoutId(own)))
  return { $ref: `#/components/schemas/${id}` }
}

function withoutId<T extends { id?: unknown; $schema?: unknown }>({ id: _, $schema: __, ...rest }: T) {
  return rest
}
