import {
  App,
  type TemplatedApp,
  type HttpRequest as UwsRequest,
  type HttpResponse as UwsResponse,
  type us_listen_socket,
  us_listen_socket_close,
  us_socket_local_port,
} from 'uWebSockets.js'
import { type AddressMatcher, clientAddress } from './client-address.js'
import { type BodyFailure, type HttpRequest, type HttpResponse, json, type RequestHead, type Route } from './http.js'
import { readBody } from './read-body.js'
import { STATUS_LINES } from './status-lines.js'

export type HttpServerOptions = {
  readonly routes: readonly Route[]
  readonly isTrustedProxy: AddressMatcher
  /** A body must be complete within this time. */
  readonly bodyTimeoutMs: number
  /** Registers what is not a plain route (WebSockets). */
  readonly attach?: (app: TemplatedApp) => void
  /** Told of a handler that threw: a bug or broken infrastructure. The peer got 500. */
  readonly onError: (error: unknown, request: { readonly method: string; readonly path: string }) => void
}

export type HttpServer = {
  /** Resolves to the port; rejects when it is taken (a second listener never shares it silently). Port 0 picks a free one. */
  listen(port: number, host: string): Promise<number>
  /** Requests being read or handled. */
  inFlight(): number
  /** Stops accepting, waits for requests in flight at most `drainMs`, then closes every connection. */
  close(drainMs: number): Promise<void>
}

/** The one HTTP server of a process: every uWebSockets.js quirk about requests and answers is dealt with here. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const app = App()
  const state: ServerState = { inFlight: 0, draining: false, onIdle: undefined }
  options.attach?.(app)
  for (const route of options.routes) {
    const method = route.method === 'delete' ? 'del' : route.method
    app[method](route.pattern, (res, req) => serve(res, req, route, options, state))
  }
  const notFound: Route = { method: 'any', pattern: '/*', maxBodyBytes: 0, handler: async () => NOT_FOUND }
  app.any('/*', (res, req) => serve(res, req, notFound, options, state))
  let socket: us_listen_socket | undefined
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        // The typings know no overload with both host and options; the binding takes host, port, options, callback.
        const listen = app.listen.bind(app) as unknown as (
          host: string,
          port: number,
          options: number,
          done: (socket: us_listen_socket | false) => void,
        ) => void
        listen(host, port, LISTEN_EXCLUSIVE_PORT, (bound) => {
          if (bound === false)
            return reject(
              new Error(`Cannot listen on ${host}:${port}: the port is taken. Choose another with PORT or --port.`),
            )
          socket = bound
          resolve(us_socket_local_port(bound))
        })
      }),
    inFlight: () => state.inFlight,
    close: async (drainMs) => {
      state.draining = true
      if (socket !== undefined) us_listen_socket_close(socket)
      socket = undefined
      await idle(state, drainMs)
      app.close()
    },
  }
}

/** `LIBUS_LISTEN_EXCLUSIVE_PORT`, which the typings leave out: without it a second process on the port takes half the requests. */
const LISTEN_EXCLUSIVE_PORT = 1

type ServerState = { inFlight: number; draining: boolean; onIdle: (() => void) | undefined }

const NOT_FOUND = json(404, { error: { code: 'not_found', message: 'No such path' } })

function serve(res: UwsResponse, req: UwsRequest, route: Route, options: HttpServerOptions, state: ServerState): void {
  const peer = watchPeer()
  const isHead = req.getMethod() === 'head'
  state.inFlight += 1
  const finish = (): void => {
    state.inFlight -= 1
    if (state.inFlight === 0) state.onIdle?.()
  }
  res.onAborted(() => {
    peer.leave()
    finish()
  })
  const answer = (response: HttpResponse, closeConnection: boolean): void => {
    if (peer.isGone()) return
    reply(res, response, closeConnection || state.draining, isHead)
    finish()
  }
  // The request object lives on uWebSockets.js's stack: copy all of it before the first wait.
  const head = copyHead(res, req, route.pattern, options.isTrustedProxy)
  const refusal = route.admit?.(head)
  if (refusal !== undefined) return answer(refusal, false)
  const declared = head.header('content-length')
  const limits = {
    maxBytes: route.maxBodyBytes,
    timeoutMs: options.bodyTimeoutMs,
    contentLength: declared === undefined ? undefined : Number(declared),
  }
  readBody(res, limits, peer.isGone, (result) => {
    if (!result.ok)
      return answer((route.onBodyFailure ?? bodyFailureAnswer)(result.failure, head), result.failure === 'timeout')
    route.handler(withBody(head, result.body, peer)).then(
      (response) => answer(response, false),
      (error: unknown) => {
        options.onError(error, { method: head.method, path: head.path })
        answer(INTERNAL_ERROR, false)
      },
    )
  })
}

type Peer = { leave(): void; isGone(): boolean; signal(): AbortSignal }

/** Whether the peer is still there. The signal is made when a handler asks for it: most answer before anybody could leave. */
function watchPeer(): Peer {
  let gone = false
  let controller: AbortController | undefined
  return {
    leave: () => {
      gone = true
      controller?.abort()
    },
    isGone: () => gone,
    signal: () => {
      controller ??= new AbortController()
      if (gone) controller.abort()
      return controller.signal
    },
  }
}

function withBody(head: RequestHead, body: Uint8Array, peer: Peer): HttpRequest {
  return {
    ...head,
    body,
    get signal() {
      return peer.signal()
    },
  }
}

const INTERNAL_ERROR = json(500, {
  error: { code: 'internal_error', message: 'Something broke on our side; it has been logged' },
})

function bodyFailureAnswer(failure: BodyFailure): HttpResponse {
  return failure === 'timeout'
    ? json(408, { error: { code: 'timeout', message: 'The request body did not arrive in time' } })
    : json(413, {
        error: { code: 'payload_too_large', message: 'The request body is larger than this endpoint takes' },
      })
}

function copyHead(res: UwsResponse, req: UwsRequest, pattern: string, isTrustedProxy: AddressMatcher): RequestHead {
  const headers = new Map<string, string>()
  req.forEach((name, value) => {
    const earlier = headers.get(name)
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
  })
  const peer = Buffer.from(res.getRemoteAddressAsText()).toString()
  const count = pattern.split('/:').length - 1
  return {
    method: req.getMethod(),
    path: req.getUrl(),
    query: req.getQuery(),
    header: (name) => headers.get(name),
    remoteAddress: clientAddress(peer, headers.get('x-forwarded-for'), isTrustedProxy),
    params: Array.from({ length: count }, (_, index) => req.getParameter(index) ?? ''),
  }
}

/** Writes the answer in one system call. Content-Length is uWebSockets.js's own. */
function reply(res: UwsResponse, response: HttpResponse, closeConnection: boolean, headOnly: boolean): void {
  res.cork(() => {
    res.writeStatus(STATUS_LINES[response.status] ?? String(response.status))
    for (const [name, value] of Object.entries(response.headers ?? {})) res.writeHeader(name, value)
    if (closeConnection) res.writeHeader('connection', 'close')
    if (headOnly) res.endWithoutBody(Buffer.byteLength(response.body ?? ''), closeConnection)
    else res.end(response.body ?? '', closeConnection)
  })
}

function idle(state: ServerState, drainMs: number): Promise<void> {
  if (state.inFlight === 0) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, drainMs)
    state.onIdle = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}
