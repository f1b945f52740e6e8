import type { TemplatedApp, WebSocket } from 'uWebSockets.js'
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws'
import { type AddressMatcher, clientAddress } from '../http/client-address.js'
import { createOperationServer, type OperationServer, type OperationServerOptions } from './operation-server.js'

export type SocketOptions = OperationServerOptions & {
  onError(error: unknown): void
  /** Whose `X-Forwarded-For` is believed. */
  readonly isTrustedProxy: AddressMatcher
  /** How long a client may leave everything unread before it is told LAGGED and closed. */
  readonly stallMs?: number
}

export type GraphqlSockets = {
  attach(app: TemplatedApp): void
  connections(): number
  /** Tells every client to come back elsewhere (1001) and ends its subscriptions. */
  close(): void
}

const MAX_MESSAGE_BYTES = 256 * 1024
/** Beyond this unread, nothing more is sent: the client is told LAGGED and closed; its last cursor resumes it. */
const MAX_BUFFERED_BYTES = 1024 * 1024
/** Whoever waits to send goes on when no more than this is left unread. */
const RESUME_BYTES = 64 * 1024
const STALL_MS = 30_000
const IDLE_TIMEOUT_SECONDS = 60
const GOING_AWAY = 1001
const INTERNAL_ERROR = 4500
/** Private close code (4000–4999) of a client that reads too slowly. */
const LAGGED = 4408

type ConnectionData = {
  readonly authorization: string | undefined
  readonly remoteAddress: string
  readonly protocol: string
  opened?: Opened
  /** Waits of this socket alone for its own buffer to drain. */
  waiting: (() => void)[]
  stalled?: NodeJS.Timeout | undefined
}
type Opened = { onMessage(text: string): Promise<void>; onClosed(code: number, reason: string): Promise<void> }
type Socket = WebSocket<ConnectionData>

/** The graphql-transport-ws protocol on uWebSockets.js, with back-pressure per socket (graphql-ws's own adapter shares one drain callback). */
export function createGraphqlSockets(options: SocketOptions): GraphqlSockets {
  const server = createOperationServer(options)
  const sockets = new Set<Socket>()
  const stallMs = options.stallMs ?? STALL_MS
  const receive = async (socket: Socket, text: string): Promise<void> => {
    try {
      await socket.getUserData().opened?.onMessage(text)
    } catch (error) {
      const isTheirs = isUnexpectedMessage(error)
      if (!isTheirs) options.onError(error)
      if (!sockets.has(socket)) return
      if (isTheirs) socket.end(CloseCode.BadRequest, 'Unexpected message')
      else socket.end(INTERNAL_ERROR, 'Internal server error')
    }
  }
  return {
    connections: () => sockets.size,
    close: () => {
      for (const socket of [...sockets]) socket.end(GOING_AWAY, 'Going away')
    },
    attach: (app) => {
      app.ws<ConnectionData>('/graphql', {
        maxPayloadLength: MAX_MESSAGE_BYTES,
        // No limit of its own: past it uWebSockets.js would drop messages in silence. `send` bounds what is unread.
        maxBackpressure: 0,
        idleTimeout: IDLE_TIMEOUT_SECONDS,
        sendPingsAutomatically: true,
        upgrade: (res, req, context) => {
          // The request object dies with this callback: everything needed later is copied into the socket's data.
          const protocol = chooseProtocol(req.getHeader('sec-websocket-protocol'))
          const data: ConnectionData = {
            authorization: req.getHeader('authorization') || undefined,
            remoteAddress: clientAddress(
              Buffer.from(res.getRemoteAddressAsText()).toString(),
              req.getHeader('x-forwarded-for') || undefined,
              options.isTrustedProxy,
            ),
            protocol,
            waiting: [],
          }
          res.upgrade(
            data,
            req.getHeader('sec-websocket-key'),
            protocol,
            req.getHeader('sec-websocket-extensions'),
            context,
          )
        },
        open: (socket) => {
          sockets.add(socket)
          open(server, socket, stallMs)
        },
        // The message's buffer dies with this callback: it is copied out first.
        message: (socket, message, isBinary) => {
          if (isBinary) socket.end(CloseCode.BadRequest, 'Messages are text')
          else void receive(socket, Buffer.from(message).toString('utf8'))
        },
        drain: (socket) => onDrain(socket, stallMs),
        close: (socket, code, reason) => {
          sockets.delete(socket)
          const data = socket.getUserData()
          wake(data)
          data.opened?.onClosed(code, Buffer.from(reason).toString('utf8')).catch(options.onError)
        },
      })
    },
  }
}

/** A message that only a server may send. graphql-ws throws a plain error for it, as it does for what breaks in our hooks. */
function isUnexpectedMessage(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type')
}

/** Ours if it is offered; else the first, so that the client gets to read why it is closed (4406). */
function chooseProtocol(offered: string): string {
  return handleProtocols(offered) === false ? (offered.split(',')[0]?.trim() ?? '') : GRAPHQL_TRANSPORT_WS_PROTOCOL
}

function open(server: OperationServer, socket: Socket, stallMs: number): void {
  const data = socket.getUserData()
  let isOpen = true
  let onMessage: Opened['onMessage'] = async () => undefined
  const close = (code: number, reason: string): void => {
    if (isOpen) socket.end(code, reason)
  }
  const onClosed = server.opened(
    {
      protocol: data.protocol,
      send: async (text) => {
        if (!isOpen) return
        if (socket.getBufferedAmount() > MAX_BUFFERED_BYTES) return close(LAGGED, 'LAGGED')
        socket.send(text)
        // What produces messages waits here, so at most one more of each operation is held in memory.
        if (socket.getBufferedAmount() > RESUME_BYTES) await drained(socket, stallMs)
      },
      close,
      onMessage: (handler) => {
        onMessage = handler
      },
    },
    { authorization: data.authorization, remoteAddress: data.remoteAddress, close },
  )
  data.opened = {
    onMessage: (text) => onMessage(text),
    onClosed: (code, reason) => {
      isOpen = false
      return onClosed(code, reason)
    },
  }
}

function drained(socket: Socket, stallMs: number): Promise<void> {
  const data = socket.getUserData()
  data.stalled ??= setTimeout(() => socket.end(LAGGED, 'LAGGED'), stallMs)
  return new Promise((resolve) => data.waiting.push(resolve))
}

/** The client has read something: who waits goes on once it has read enough. */
function onDrain(socket: Socket, stallMs: number): void {
  const data = socket.getUserData()
  if (socket.getBufferedAmount() <= RESUME_BYTES) return wake(data)
  if (data.stalled === undefined) return
  clearTimeout(data.stalled)
  data.stalled = setTimeout(() => socket.end(LAGGED, 'LAGGED'), stallMs)
}

/** Also when the socket has closed: its timer would touch it after its death. */
function wake(data: ConnectionData): void {
  clearTimeout(data.stalled)
  data.stalled = undefined
  const waiting = data.waiting
  data.waiting = []
  for (const resume of waiting) resume()
}
