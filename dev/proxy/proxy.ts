import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy on loopback through which a drill breaks a link without touching either end. */
export type TcpProxy = {
  readonly port: number
  /** Cuts every connection; new ones are taken. */
  drop(): void
  /** Every chunk is passed on this much later; 0 for at once. */
  delay(ms: number): void
  /** Takes connections and passes nothing on, until told otherwise: what a firewall that swallows packets does. */
  swallow(on: boolean): void
  close(): Promise<void>
}

export async function startProxy(target: { readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let delayMs = 0
  let isSwallowing = false
  const pass = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (isSwallowing) return from.destroy()
      if (delayMs === 0) return void to.write(chunk)
      // Chunks of one connection are delayed alike, so they stay in order.
      setTimeout(() => to.writable && to.write(chunk), delayMs)
    })
    from.once('error', () => to.destroy())
    from.once('close', () => setTimeout(() => to.destroy(), delayMs))
  }
  const server = createServer((incoming) => {
    const outgoing = connect(target.port, '127.0.0.1')
    const pair = [incoming, outgoing] as const
    pairs.add(pair)
    incoming.once('close', () => pairs.delete(pair))
    pass(incoming, outgoing)
    pass(outgoing, incoming)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const drop = (): void => {
    for (const [incoming, outgoing] of pairs) {
      incoming.destroy()
      outgoing.destroy()
    }
  }
  return {
    // A TCP server's address is an AddressInfo.
    port: (server.address() as AddressInfo).port,
    drop,
    delay: (ms) => {
      delayMs = ms
    },
    swallow: (on) => {
      isSwallowing = on
    },
    close: () => {
      drop()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
