import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One delivery as a point-of-sale system got it. */
export type ReceivedDelivery = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly at: number
}

/** How the receiver answers a delivery. */
export type Reply = {
  readonly status: number
  readonly delayMs?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type Receiver = {
  readonly url: string
  readonly received: readonly ReceivedDelivery[]
  /** Resolves when `count` deliveries, or as many that `matches`, have come; rejects after `timeoutMs`. */
  waitFor(
    count: number,
    options?: { readonly timeoutMs?: number; readonly matches?: (delivery: ReceivedDelivery) => boolean },
  ): Promise<readonly ReceivedDelivery[]>
  close(): Promise<void>
}

/** A receiving POS on a free loopback port. `reply` decides each answer; 200 by default. `keep` bounds what is remembered. */
export async function startReceiver(
  options: {
    readonly reply?: (delivery: ReceivedDelivery) => Reply
    readonly keep?: number
    readonly port?: number
  } = {},
): Promise<Receiver> {
  const received: ReceivedDelivery[] = []
  const watchers = new Set<() => void>()
  const keep = options.keep ?? 100_000
  const server = createServer((request, response) => {
    readText(request).then(
      (body) => {
        const delivery = { path: request.url ?? '/', headers: flatten(request), body, at: Date.now() }
        received.push(delivery)
        if (received.length > keep) received.shift()
        for (const watch of watchers) watch()
        answer(response, options.reply?.(delivery) ?? { status: 200 })
      },
      () => response.destroy(),
    )
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    waitFor: (count, { timeoutMs = 10_000, matches = () => true } = {}) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = received.filter(matches)
          if (found.length < count) return
          finish()
          resolve(found)
        }
        const finish = (): void => {
          clearTimeout(timer)
          watchers.delete(check)
        }
        const timer = setTimeout(() => {
          finish()
          reject(
            new Error(`only ${received.filter(matches).length} of ${count} deliveries came within ${timeoutMs} ms`),
          )
        }, timeoutMs)
        watchers.add(check)
        check()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, reply: Reply): void {
  setTimeout(() => {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
    response.end(reply.body ?? '{"received":true}')
  }, reply.delayMs ?? 0)
}

function flatten(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
