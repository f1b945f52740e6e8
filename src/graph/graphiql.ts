import { gzipSync } from 'node:zlib'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { HttpRequest, HttpResponse } from '../http/http.js'

/**
 * GraphiQL as one page with its assets inside: it works without the network. It is 9 MB, so it is made once, when it
 * is first asked for, and sent compressed to whoever takes that.
 */
export function graphiqlPage(): (request: Pick<HttpRequest, 'header'>) => HttpResponse {
  let whole: Buffer | undefined
  let compressed: Buffer | undefined
  return (request) => {
    whole ??= Buffer.from(renderGraphiQL({ title: 'orderwire', endpoint: '/graphql', subscriptionsProtocol: 'WS' }))
    if (!request.header('accept-encoding')?.includes('gzip')) return { status: 200, headers: HEADERS, body: whole }
    compressed ??= gzipSync(whole)
    return { status: 200, headers: { ...HEADERS, 'content-encoding': 'gzip' }, body: compressed }
  }
}

/** GraphiQL styles and scripts itself inside the page; beyond that it may talk to us only. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' ws: wss: data:; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
}
