import type { Handler, HttpRequest, HttpResponse, Route } from '../http/http.js'

const MAX_AGE_SECONDS = 600
const METHODS = 'GET, POST, PUT, OPTIONS'
const HEADERS = 'authorization, content-type, accept, idempotency-key'
const EXPOSED = 'deprecation, sunset, link, retry-after'

/** @param origins who may call from a browser's page of another origin; `*` is everybody, empty is nobody */
export function withCors(routes: readonly Route[], origins: readonly string[]): readonly Route[] {
  const preflights = new Set(routes.filter(({ method }) => method !== 'any').map(({ pattern }) => pattern))
  return [
    ...routes.map((route) => ('handler' in route ? { ...route, handler: guarded(route.handler, origins) } : route)),
    ...[...preflights].map((pattern) => ({
      method: 'options' as const,
      pattern,
      maxBodyBytes: 0,
      handler: guarded(() => ({ status: 204 }), origins),
    })),
  ]
}

function guarded(handler: Handler, origins: readonly string[]): Handler {
  return (request) => {
    const headers = headersFor(request, origins)
    if (request.method === 'options') return { status: 204, headers }
    const response = handler(request)
    return response instanceof Promise
      ? response.then((each) => withHeaders(each, headers))
      : withHeaders(response, headers)
  }
}

function headersFor(request: HttpRequest, origins: readonly string[]): Readonly<Record<string, string>> {
  const origin = request.header('origin')
  if (origin === undefined) return {}
  // A token travels in a header of its own, never in a cookie: credentials are not allowed for anybody.
  if (!origins.includes('*') && !origins.includes(origin)) return { vary: 'origin' }
  const allowed = { 'access-control-allow-origin': origin, vary: 'origin', 'access-control-expose-headers': EXPOSED }
  if (request.method !== 'options') return allowed
  return {
    ...allowed,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': HEADERS,
    'access-control-max-age': String(MAX_AGE_SECONDS),
  }
}

function withHeaders(response: HttpResponse, headers: Readonly<Record<string, string>>): HttpResponse {
  return { ...response, headers: { ...response.headers, ...headers } }
}
