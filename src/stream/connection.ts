import { connect, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats'
import { settledWithin } from '../lib/wait.js'

/** Atomic batches and scheduled messages came with 2.12. */
const MIN_VERSION = [2, 12] as const
const RECONNECT_WAIT_MS = 250
const FLUSH_MS = 500
/** A link with no answer to two pings is dead. */
const PING_INTERVAL_MS = 10_000

export class NatsVersionError extends Error {
  override readonly name = 'NatsVersionError'
  readonly code = 'NATS_TOO_OLD'
}

/** The process's connection to NATS, with whether it is up right now. */
export type StreamConnection = {
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  isUp(): boolean
  /** Called whenever the link goes down or comes back. */
  onChange(listener: (up: boolean) => void): void
  close(): Promise<void>
}

/** Connects, waiting as long as it takes (`signal` ends the wait), and reconnects for ever. Throws NatsVersionError on an old server. */
export async function connectStream(options: {
  readonly url: string
  readonly name: string
  readonly signal?: AbortSignal
  readonly onWaiting?: (error: unknown) => void
}): Promise<StreamConnection> {
  const nc = await connectPatiently(options)
  const [major = 0, minor = 0] = (nc.info?.version ?? '0.0').split('.').map(Number)
  if (major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1])) {
    await nc.close()
    throw new NatsVersionError(
      `nats-server ${nc.info?.version ?? 'unknown'} is too old: orderwire needs 2.12 or later (atomic batches and scheduled messages).`,
    )
  }
  const listeners: ((up: boolean) => void)[] = []
  let up = true
  const change = (next: boolean): void => {
    if (up === next) return
    up = next
    for (const listener of listeners) listener(next)
  }
  void watchStatus(nc, change)
  return {
    nc,
    js: nc.jetstream(),
    jsm: await nc.jetstreamManager({ checkAPI: false }),
    isUp: () => up,
    onChange: (listener) => listeners.push(listener),
    close: async () => {
      // Acknowledgements are sent without waiting: what was settled last must reach the server.
      await settledWithin(nc.flush(), FLUSH_MS).catch(() => undefined)
      await nc.close()
    },
  }
}

async function connectPatiently(options: Parameters<typeof connectStream>[0]): Promise<NatsConnection> {
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      return await connect({
        servers: options.url,
        name: options.name,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_WAIT_MS,
        reconnectJitter: RECONNECT_WAIT_MS,
        pingInterval: PING_INTERVAL_MS,
        // A stack trace per request costs more than the request.
        noAsyncTraces: true,
        maxPingOut: 2,
        // A server that closes us for a stale connection or maintenance is come back to.
        ignoreAuthErrorAbort: true,
      })
    } catch (error) {
      options.onWaiting?.(error)
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_WAIT_MS * 4))
    }
  }
}

async function watchStatus(nc: NatsConnection, change: (up: boolean) => void): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type === 'disconnect' || status.type === 'reconnecting' || status.type === 'staleConnection')
      change(false)
    if (status.type === 'reconnect') change(true)
  }
}
