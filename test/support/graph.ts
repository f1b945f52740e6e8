import { clientSettingsSchema } from '../../src/domain/client.js'
import { createAuthenticator, signToken, type Viewer } from '../../src/graph/auth.js'
import { createGraph, type Graph, type GraphOptions } from '../../src/graph/graph.js'
import type { Handler, HttpResponse, Route } from '../../src/http/http.js'
import type { Json } from './app.js'
import { createMemoryPorts, type MemoryPorts, NOW } from './memory-ports.js'

export const JWT_SECRET = 'a-secret-of-the-tests-0123456789-0123456789'

export type TestGraph = MemoryPorts & {
  readonly graph: Graph
  readonly errors: unknown[]
  token(viewer?: Viewer): Promise<string>
  /** One request through the route that fits; a `viewer` of null sends no token. */
  call(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<{ readonly status: number; readonly json: Json; readonly response: HttpResponse }>
  graphql(
    query: string,
    variables?: object,
    viewer?: Viewer | null,
  ): Promise<{
    readonly status: number
    readonly data: Json
    readonly codes: readonly unknown[]
    readonly errors: Json[]
  }>
}

type CallOptions = {
  readonly viewer?: Viewer | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const ADMIN: Viewer = { role: 'admin' }

/** The API on in-memory ports, called without a server. */
export function createTestGraph(
  memory: MemoryPorts = createMemoryPorts(),
  options: Partial<GraphOptions> = {},
): TestGraph {
  const errors: unknown[] = []
  const graph = createGraph({
    ports: memory.ports,
    authenticate: createAuthenticator({ secret: JWT_SECRET, now: () => memory.ports.now() }),
    baseUrl: 'https://gateway.example.com',
    isTrustedProxy: () => false,
    defaults: clientSettingsSchema.parse({}),
    onError: (error) => errors.push(error),
    ...options,
  })
  const token = (viewer: Viewer = ADMIN) => signToken(JWT_SECRET, viewer, { ttlSeconds: 3_600, now: NOW })
  const call: TestGraph['call'] = async (method, path, { viewer = ADMIN, body, headers = {} } = {}) => {
    const [pathname = '', query = ''] = path.split('?')
    const { route, params } = routeOf(graph.routes, method, pathname)
    const all = new Map(
      Object.entries({
        'content-type': 'application/json',
        ...(viewer && { authorization: `Bearer ${await token(viewer)}` }),
        ...headers,
      }),
    )
    const response = await handlerOf(route)({
      method,
      path: pathname,
      query,
      header: (name) => all.get(name),
      remoteAddress: '127.0.0.1',
      params,
      body:
        typeof body === 'string' || body === undefined ? Buffer.from(body ?? '') : Buffer.from(JSON.stringify(body)),
      signal: new AbortController().signal,
    })
    const text = Buffer.from(response.body ?? '').toString('utf8')
    const isJson = response.headers?.['content-type']?.includes('json')
    return { status: response.status, json: isJson ? JSON.parse(text) : text, response }
  }
  return Object.assign(memory, {
    graph,
    errors,
    token,
    call,
    graphql: async (query: string, variables?: object, viewer: Viewer | null = ADMIN) => {
      const { status, json } = await call('post', '/graphql', { viewer, body: { query, variables } })
      return {
        status,
        data: json.data,
        errors: json.errors ?? [],
        codes: (json.errors ?? []).map((error: Json) => error.extensions?.code),
      }
    },
  })
}

/** The first route that fits, literal segments before parameters, as uWebSockets.js matches. */
function routeOf(routes: readonly Route[], method: string, path: string): { route: Route; params: string[] } {
  const fitting = routes
    .filter((route) => route.method === method || route.method === 'any')
    .flatMap((route) => {
      const match = new RegExp(`^${route.pattern.replace(/:\w+/g, '([^/]+)')}$`).exec(path)
      return match === null ? [] : [{ route, params: match.slice(1) }]
    })
    .sort((a, b) => a.params.length - b.params.length)
  if (fitting[0] === undefined) throw new Error(`no route for ${method} ${path}`)
  return fitting[0]
}

/** What answers a request of a plain route. */
export function handlerOf(route: Route | undefined): Handler {
  if (route === undefined || !('handler' in route)) throw new Error('no such plain route')
  return route.handler
}
