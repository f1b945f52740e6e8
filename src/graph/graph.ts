import type { ClientSettings } from '../domain/client.js'
import type { AddressMatcher } from '../http/client-address.js'
import { json, type Route } from '../http/http.js'
import type { Authenticate } from './auth.js'
import { withCors } from './cors.js'
import { dashboardRoutes } from './dashboard.js'
import { createBudget } from './limits.js'
import { createLoaders } from './loaders.js'
import type { GraphPorts } from './ports.js'
import { restRoutes } from './rest/routes.js'
import { createSchema } from './schema.js'
import { createGraphqlSockets, type GraphqlSockets } from './socket.js'
import { createGraphqlYoga, graphqlHandler } from './yoga.js'

export type GraphOptions = {
  readonly ports: GraphPorts
  readonly authenticate: Authenticate
  /** Where platforms reach us, without a trailing slash. */
  readonly baseUrl: string
  /** Settings a client starts with. */
  readonly defaults: ClientSettings
  /** Whose `X-Forwarded-For` is believed. */
  readonly isTrustedProxy: AddressMatcher
  /** What is switched for this installation. */
  readonly switches?: GraphSwitches
  /** How long a subscriber may read nothing before it is closed as LAGGED; 30 s unless told. */
  readonly stallMs?: number
  /** Told of what callers see only as "something broke". */
  onError(error: unknown): void
}

export type GraphSwitches = {
  /** Whether the schema may be asked for; unless told, yes. */
  readonly introspection?: boolean
  readonly graphiql?: boolean
  /** Origins whose pages may call from a browser. */
  readonly corsOrigins?: readonly string[]
  /** Only these operations are run, where given. */
  readonly persistedOperations?: ReadonlyMap<string, string>
}

export type Graph = {
  readonly routes: readonly Route[]
  readonly sockets: GraphqlSockets
  /** Tells everybody who listens to come back elsewhere, and ends their subscriptions. */
  close(): void
}

const MAX_OPERATION_BYTES = 256 * 1024

/** The API: GraphQL over HTTP and WebSocket, the REST facade, and the dashboard. */
export function createGraph(options: GraphOptions): Graph {
  const { ports, authenticate, baseUrl, defaults, onError, stallMs, switches = {} } = options
  const yoga = createGraphqlYoga({
    schema: createSchema(ports.providers.names),
    contextOf: (viewer) => ({
      viewer,
      ports,
      baseUrl,
      defaults,
      budget: createBudget(),
      loaders: createLoaders(ports),
    }),
    onError,
    introspection: switches.introspection ?? true,
    ...(switches.persistedOperations && { persistedOperations: switches.persistedOperations }),
  })
  const closing = new AbortController()
  const sockets = createGraphqlSockets({
    yoga,
    authenticate,
    isTrustedProxy: options.isTrustedProxy,
    now: ports.now,
    onError,
    ...(stallMs !== undefined && { stallMs }),
  })
  return {
    sockets,
    close: () => {
      closing.abort()
      sockets.close()
    },
    routes: withCors(
      [
        {
          method: 'any',
          pattern: '/graphql',
          maxBodyBytes: MAX_OPERATION_BYTES,
          handler: graphqlHandler(yoga, authenticate, {
            closing: closing.signal,
            now: ports.now,
            graphiql: switches.graphiql ?? true,
          }),
        },
        ...restRoutes(options),
        ...dashboardRoutes(),
      ],
      switches.corsOrigins ?? [],
    ),
  }
}

/** `GET /health`: open, 200 while work goes on, 503 when it does not. */
export function healthRoute(health: GraphPorts['health']): Route {
  return {
    method: 'get',
    pattern: '/health',
    maxBodyBytes: 0,
    handler: async () => {
      const report = await health()
      return json(report.status === 'down' ? 503 : 200, report)
    },
  }
}
