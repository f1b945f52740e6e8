/** What is known of a request before its body is read. */
export type RequestHead = {
  /** Lower case. */
  readonly method: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  /** By lower-case name. A header sent twice is joined by ", ", so that a doubled credential never equals a single one. */
  header(name: string): string | undefined
  /** The peer, or what a trusted proxy says it is; empty when first asked for after the answer. */
  readonly remoteAddress: string
  /** The pattern's parameters, in order. */
  readonly params: readonly string[]
}

/** A whole HTTP request, copied out of uWebSockets.js (whose own request object dies with the callback). */
export type HttpRequest = RequestHead & {
  /** Complete, and within the route's limit. */
  readonly body: Uint8Array
  /** Aborted when the peer goes away before the answer. */
  readonly signal: AbortSignal
}

export type HttpResponse = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /**
   * In place of `body`: sent as it comes. The next chunk is asked for only when the peer has taken the one before, so a
   * slow peer holds one in memory. Returned (`return`) as soon as the peer has gone.
   */
  readonly stream?: AsyncIterable<string | Uint8Array>
}

export type Handler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>

/** Why a request never reached its handler. */
export type BodyFailure = 'too-large' | 'timeout'

export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options' | 'any'
  /** A uWebSockets.js pattern, e.g. `/api/webhooks/config/:clientId`. */
  readonly pattern: string
  readonly maxBodyBytes: number
  /** How a body that is too large or too slow is answered; by default the API's `{error:{code,message}}`. */
  readonly onBodyFailure?: (failure: BodyFailure, head: RequestHead) => HttpResponse
} & (
  | { readonly handler: Handler }
  /** Decides by the head alone, before a byte of the body is read: a refusal, or what handles this request. */
  | { readonly admit: (head: RequestHead) => HttpResponse | Handler }
)

const JSON_HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/json; charset=utf-8' }

/** A JSON answer. */
export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): HttpResponse {
  return {
    status,
    headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
    body: JSON.stringify(value),
  }
}
