import { type ExecutionArgs, GraphQLError } from 'graphql'
import { CloseCode, makeServer, type Server, type ServerOptions } from 'graphql-ws'
import type { Authenticate, Caller } from './auth.js'
import { ApiError } from './errors.js'
import type { Yoga } from './yoga.js'

export type OperationServerOptions = {
  readonly yoga: Yoga
  readonly authenticate: Authenticate
  now(): Date
}

/** What is known of a connection. */
export type Extra = {
  /** Of the upgrade request. */
  readonly authorization: string | undefined
  readonly remoteAddress: string
  close(code: number, reason: string): void
  viewer?: Caller
  expiry?: NodeJS.Timeout
}

export type OperationServer = Server<Extra>

const INIT_TIMEOUT_MS = 5_000
/** Of one socket at a time, queries too. */
const MAX_OPERATIONS = 100
/** Node's timers reach no further; nor does any socket. */
const MAX_TIMER_MS = 2 ** 31 - 1

type Params = { authorization?: unknown }

/** What the graphql-transport-ws protocol says, apart from the sockets it is said on: who may connect, what is run. */
export function createOperationServer({ yoga, authenticate, now }: OperationServerOptions): OperationServer {
  return makeServer<Params, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: async ({ connectionParams, extra }) => {
      const given = connectionParams?.authorization ?? extra.authorization
      try {
        const viewer = await authenticate(typeof given === 'string' ? given : undefined)
        extra.viewer = { ...viewer, remoteAddress: extra.remoteAddress, via: 'socket' }
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'UNAUTHENTICATED') throw error
        // graphql-ws closes the socket with 4403 Forbidden.
        return false
      }
      closeAtExpiry(extra, extra.viewer, now())
      return true
    },
    onClose: ({ extra }) => clearTimeout(extra.expiry),
    onSubscribe: async ({ extra, subscriptions }, _id, payload) => {
      // What is not an error but a wish: the client may ask again when something has ended.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS)
        return [badInput(`At most ${MAX_OPERATIONS} operations of one socket at a time`)]
      return prepare(yoga, extra, payload)
    },
    // rootValue is what `prepare` put there.
    execute: (args) => (args.rootValue as Execution).execute(args),
    subscribe: (args) => (args.rootValue as Execution).subscribe(args),
  })
}

/** A socket does not outlive the token it was opened with. */
function closeAtExpiry(extra: Extra, { expiresAtMs }: Caller, now: Date): void {
  if (expiresAtMs === undefined) return
  const leftMs = Math.max(0, expiresAtMs - now.getTime())
  if (leftMs <= MAX_TIMER_MS) extra.expiry = setTimeout(() => extra.close(CloseCode.Forbidden, 'Token expired'), leftMs)
}

/** What travels with an operation so that it is executed by yoga's own pipeline: limits, masking, context. */
type Execution = Pick<ReturnType<Yoga['getEnveloped']>, 'execute' | 'subscribe'>
type Payload = Parameters<NonNullable<ServerOptions<Params, Extra>['onSubscribe']>>[2]

async function prepare(
  yoga: Yoga,
  { viewer }: Extra,
  payload: Payload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const enveloped = yoga.getEnveloped({ viewer, params: payload })
  const { schema, execute, subscribe, contextFactory, parse, validate } = enveloped
  let document: ExecutionArgs['document']
  try {
    document = parse(payload.query)
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
  const errors = validate(schema, document)
  if (errors.length > 0) return errors
  const execution: Execution = { execute, subscribe }
  return {
    schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
    contextValue: await contextFactory(),
    rootValue: execution,
  }
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}
