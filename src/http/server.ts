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
import { type BodyFailure, type Handler, type HttpRequest, type HttpResponse, json, type Route } from './http.js'
import { type BodyReader, createBodyReader } from './read-body.js'
import { sendStream } from './send-stream.js'
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
  /** From now on each answer closes its connection, so that peers come back through their load balancer. */
  drain(): void
  /** Stops accepting, waits for requests in flight at most `drainMs`, then closes every connection. */
  close(drainMs: number): Promise<void>
}

/** The one HTTP server of a process: every uWebSockets.js quirk about requests and answers is dealt with here. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const app = App()
  const state: ServerState = {
    inFlight: 0,
    draining: false,
    onIdle: undefined,
    bodies: createBodyReader({ timeoutMs: options.bodyTimeoutMs }),
  }
  options.attach?.(app)
  for (const route of options.routes) {
    const method = route.method === 'delete' ? 'del' : route.method
    app[method](route.pattern, (res, req) => serve(res, req, route, options, state))
  }
  const notFound: Route = { method: 'any', pattern: '/*', maxBodyBytes: 0, handler: () => NOT_FOUND }
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
    drain: () => {
      state.draining = true
    },
    close: async (drainMs) => {
      state.draining = true
      if (socket !== undefined) us_listen_socket_close(socket)
      socket = undefined
      await idle(state, drainMs)
      state.bodies.close()
      app.close()
    },
  }
}

/** `LIBUS_LISTEN_EXCLUSIVE_PORT`, which the typings leave out: without it a second process on the port takes half the requests. */
const LISTEN_EXCLUSIVE_PORT = 1

type ServerState = {
  inFlight: number
  draining: boolean
  onIdle: (() => void) | undefined
  readonly bodies: BodyReader
}

const NOT_FOUND = json(404, { error: { code: 'not_found', message: 'No such path' } })

function serve(res: UwsResponse, req: UwsRequest, route: Route, options: HttpServerOptions, state: ServerState): void {
  const request = new CopiedRequest(res, req, route.pattern, options.isTrustedProxy)
  state.inFlight += 1
  const finish = (): void => {
    state.inFlight -= 1
    if (state.inFlight === 0) state.onIdle?.()
  }
  res.onAborted(() => {
    request.leave()
    finish()
  })
  const answer = (response: HttpResponse, closeConnection = false): void => {
    if (request.isOver) return
    if (response.stream !== undefined) {
      void sendStream(res, { ...response, stream: response.stream }, request)
        .catch((error: unknown) => options.onError(error, { method: request.method, path: request.path }))
        .finally(() => {
          if (!request.isOver) finish()
          request.isOver = true
        })
      return
    }
    request.isOver = true
    reply(res, response, closeConnection || state.draining, request.method === 'head')
    finish()
  }
  const fail = (error: unknown): void => {
    options.onError(error, { method: request.method, path: request.path })
    answer(INTERNAL_ERROR)
  }
  const handle = (handler: Handler): void => {
    try {
      const response = handler(request)
      if (response instanceof Promise) response.then(answer, fail)
      else answer(response)
    } catch (error) {
      fail(error)
    }
  }
  const admitted = 'admit' in route ? route.admit(request) : route.handler
  if (typeof admitted !== 'function') return answer(admitted)
  const declared = request.header('content-length')
  const limits = {
    maxBytes: route.maxBodyBytes,
    contentLength: declared === undefined ? undefined : Number(declared),
  }
  state.bodies.read(res, limits, request, (result) => {
    if (!result.ok)
      return answer((route.onBodyFailure ?? bodyFailureAnswer)(result.failure, request), result.failure === 'timeout')
    request.body = result.body
    handle(admitted)
  })
}

const NO_BODY = new Uint8Array(0)

/**
 * A request as its handler sees it. uWebSockets.js keeps its own on the stack: the head is copied before the first wait.
 * What few handlers ask for (the address, the signal) is made when asked for.
 */
class CopiedRequest implements HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly params: readonly string[]
  body: Uint8Array = NO_BODY
  /** Answered, or the peer has gone: uWebSockets.js's response object must not be touched any more. */
  isOver = false
  /** Names and values in turn. */
  readonly #headers: string[] = []
  readonly #isTrustedProxy: AddressMatcher
  readonly #res: UwsResponse
  #address: string | undefined
  #controller: AbortController | undefined
  #hasLeft = false

  constructor(res: UwsResponse, req: UwsRequest, pattern: string, isTrustedProxy: AddressMatcher) {
    this.method = req.getMethod()
    this.path = req.getUrl()
    this.query = req.getQuery()
    this.params = paramsOf(req, pattern)
    this.#res = res
    this.#isTrustedProxy = isTrustedProxy
    req.forEach((name, value) => {
      this.#headers.push(name, value)
    })
  }

  header(name: string): string | undefined {
    let found: string | undefined
    for (let index = 0; index < this.#headers.length; index += 2) {
      if (this.#headers[index] !== name) continue
      const value = this.#headers[index + 1]
      found = found === undefined ? value : `${found}, ${value}`
    }
    return found
  }

  get remoteAddress(): string {
    if (this.#address !== undefined) return this.#address
    if (this.isOver) return ''
    const peer = Buffer.from(this.#res.getRemoteAddressAsText()).toString()
    this.#address = clientAddress(peer, this.header('x-forwarded-for'), this.#isTrustedProxy)
    return this.#address
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#hasLeft) this.#controller.abort()
    return this.#controller.signal
  }

  /** The peer went away before the answer. */
  leave(): void {
    this.isOver = true
    this.#hasLeft = true
    this.#controller?.abort()
  }
}

const NO_PARAMS: readonly string[] = []

function paramsOf(req: UwsRequest, pattern: string): readonly string[] {
  if (!pattern.includes('/:')) return NO_PARAMS
  return Array.from({ length: pattern.split('/:').length - 1 }, (_, index) => req.getParameter(index) ?? '')
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

/** Writes the answer in one system call. Content-Length is uWebSockets.js's own. */
function reply(res: UwsResponse, response: HttpResponse, closeConnection: boolean, headOnly: boolean): void {
  res.cork(() => {
    res.writeStatus(STATUS_LINES[response.status] ?? String(response.status))
    for (const name in response.headers) res.writeHeader(name, response.headers[name] ?? '')
    // `Connection: close` is uWebSockets.js's own too.
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
