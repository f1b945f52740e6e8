import { GraphQLError, type GraphQLSchema, NoSchemaIntrospectionCustomRule } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Authenticate, Caller } from './auth.js'
import type { GraphContext } from './builder.js'
import { API_ERRORS, ApiError } from './errors.js'
import { eventStream } from './event-stream.js'
import { graphiqlPage } from './graphiql.js'
import { OPERATION_LIMITS, useOperationLimits } from './limits.js'
import { usePersistedOnly } from './persisted.js'

export type YogaOptions = {
  readonly schema: GraphQLSchema
  /** The resolvers' context for a caller: a new one for every operation. */
  contextOf(viewer: Caller): GraphContext
  /** Told of what was masked: a bug or broken infrastructure. */
  onError(error: unknown): void
  /** Whether the schema may be asked for. */
  readonly introspection: boolean
  /** Only these operations are run, where given. */
  readonly persistedOperations?: ReadonlyMap<string, string>
}

export type Yoga = ReturnType<typeof createGraphqlYoga>

/** graphql-yoga with our limits and errors. It is called by `fetch`, so that it never holds a socket that may be gone. */
export function createGraphqlYoga(options: YogaOptions) {
  return createYoga<{ viewer: Caller }, GraphContext>({
    schema: options.schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: false,
    logging: false,
    // One operation a request: batches would multiply every limit.
    batching: false,
    multipart: false,
    // Answered for every route alike, before yoga is asked.
    cors: false,
    context: ({ viewer }) => options.contextOf(viewer),
    plugins: [
      useOperationLimits(OPERATION_LIMITS),
      useEventStreamForSubscriptions(),
      ...(options.introspection ? [] : [useNoIntrospection()]),
      ...(options.persistedOperations ? usePersistedOnly(options.persistedOperations) : []),
    ],
    maskedErrors: { maskError: (error) => maskError(error, options.onError) },
  })
}

function useNoIntrospection(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) }
}

/** Over HTTP a subscription is a stream of server-sent events; asked for as anything else, it could only be collected for ever. */
function useEventStreamForSubscriptions(): Plugin {
  return {
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      // Only an HTTP operation's context has the request.
      const request: Request | undefined = args.contextValue.request
      if (request === undefined || request.headers.get('accept')?.includes(EVENT_STREAM)) return
      const message =
        'Subscriptions are served over WebSocket (graphql-transport-ws) at the same path, or as text/event-stream'
      setResultAndStopExecution({ errors: [new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })] })
    },
  }
}

/** Expected errors keep their words and code; GraphQL's own are the caller's; the rest is masked. */
export function maskError(error: unknown, onError: (error: unknown) => void): GraphQLError {
  const original = error instanceof GraphQLError ? error.originalError : error
  if (original instanceof ApiError) return toGraphqlError(original, error instanceof GraphQLError ? error : undefined)
  if (
    error instanceof GraphQLError &&
    (original === undefined || original === null || original instanceof GraphQLError)
  )
    return error
  onError(original ?? error)
  return new GraphQLError('Something broke on our side; it has been logged', {
    ...placeOf(error),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  })
}

export function toGraphqlError(error: ApiError, at?: GraphQLError): GraphQLError {
  const extensions = { code: error.code, ...(error.details && { details: error.details }) }
  return new GraphQLError(error.message, { ...placeOf(at), extensions })
}

/** Where in the operation it happened. */
function placeOf(error: unknown) {
  return error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}
}

/** `/graphql` over HTTP: GraphiQL for a browser's GET, else an operation by whoever the token says. */
export function graphqlHandler(
  yoga: Yoga,
  authenticate: Authenticate,
  options: { readonly closing: AbortSignal; readonly graphiql: boolean; now(): Date },
): (request: HttpRequest) => Promise<HttpResponse> {
  const page = graphiqlPage()
  return async (request) => {
    if (options.graphiql && request.method === 'get' && request.header('accept')?.includes('text/html'))
      return page(request)
    const viewer = await viewerOf(request, authenticate)
    if ('status' in viewer) return viewer
    try {
      const query = request.query === '' ? '' : `?${request.query}`
      const answer = await yoga.fetch(new Request(`${ORIGIN}/graphql${query}`, toFetchInit(request)), { viewer })
      const isStream = answer.headers.get('content-type')?.startsWith(EVENT_STREAM) === true
      if (!isStream || answer.body === null) return await toHttpResponse(answer)
      const endsAt = viewer.expiresAtMs ?? Number.POSITIVE_INFINITY
      const ends = { signal: options.closing, afterMs: endsAt - options.now().getTime() }
      return { status: answer.status, headers: headersOf(answer), stream: eventStream(answer.body, ends) }
    } catch (error) {
      // The peer has gone, which ends the operation: there is nobody to answer, and nothing is wrong.
      if (request.signal.aborted) return { status: 408 }
      throw error
    }
  }
}

const EVENT_STREAM = 'text/event-stream'
/** Yoga wants a whole address but looks at the path only. */
const ORIGIN = 'http://graph'
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' }

/** Who calls, or why they may not. */
async function viewerOf(request: HttpRequest, authenticate: Authenticate): Promise<Caller | HttpResponse> {
  try {
    const viewer = await authenticate(request.header('authorization'))
    return { ...viewer, remoteAddress: request.remoteAddress, via: 'graphql' }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const errors = [{ message: error.message, extensions: { code: error.code } }]
    return { status: API_ERRORS[error.code].status, headers: JSON_HEADERS, body: JSON.stringify({ errors }) }
  }
}

function toFetchInit(request: HttpRequest): RequestInit {
  const headers = new Headers()
  for (const name of PASSED_HEADERS) {
    const value = request.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const hasBody = request.method !== 'get' && request.method !== 'head'
  return {
    method: request.method.toUpperCase(),
    headers,
    signal: request.signal,
    ...(hasBody && { body: Buffer.from(request.body) }),
  }
}

const PASSED_HEADERS = ['content-type', 'accept']

async function toHttpResponse(response: Response): Promise<HttpResponse> {
  return { status: response.status, headers: headersOf(response), body: await response.text() }
}

function headersOf(response: Response): Readonly<Record<string, string>> {
  const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const)
  // The server counts the length itself.
  return Object.fromEntries(headers.filter(([name]) => name !== 'content-length'))
}
