import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A load balancer as Kubernetes is one: connections go in turn to the instances whose `/health/ready` answers 200. */
export type Balancer = {
  readonly url: string
  /** Ports that new connections go to now. */
  ready(): readonly number[]
  close(): Promise<void>
}

const ASK_EVERY_MS = 100
const ASK_WITHIN_MS = 1_000

/** Balances connections (HTTP and WebSocket alike) over `ports` on loopback. An open connection stays where it is. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const ready = new Set<number>()
  const open = new Set<Socket>()
  const ask = async (): Promise<void> => {
    await Promise.all(
      ports.map(async (port) => {
        if (await isReady(port)) ready.add(port)
        else ready.delete(port)
      }),
    )
  }
  await ask()
  const asking = setInterval(() => void ask(), ASK_EVERY_MS)
  let turn = 0
  const server = createServer((client) => {
    const candidates = [...ready]
    turn += 1
    const port = candidates[turn % candidates.length]
    if (port === undefined) return client.destroy()
    const upstream = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from)
      from.setNoDelay(true)
      from.once('close', () => open.delete(from))
      // The end of one side is the end of both; what it was stands in neither's hands.
      from.once('error', () => to.destroy())
      from.once('close', () => to.destroySoon())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    ready: () => [...ready],
    close: async () => {
      clearInterval(asking)
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    // Not listening, or too slow: not ready.
    return false
  }
}
