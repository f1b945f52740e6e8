import { connect, type Socket } from 'node:net'

/** What a closed-loop run measured. */
export type RawResult = {
  readonly requests: number
  readonly errors: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export type RawLoadOptions = {
  readonly port: number
  readonly connections: number
  readonly durationMs: number
  nextRequest(): Buffer
}

const OK = Buffer.from('HTTP/1.1 200')

/**
 * Each connection sends its next prepared request as soon as the last is answered. Plain sockets and prepared bytes: on
 * two cores an HTTP client would cost more than what is measured.
 */
export async function runRawLoad(options: RawLoadOptions): Promise<RawResult> {
  const times: number[] = []
  const state = { errors: 0, running: true }
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => open(options.port)))
  const startedAt = performance.now()
  const done = Promise.all(sockets.map((socket) => loop(socket, options, state, times)))
  await new Promise((resolve) => setTimeout(resolve, options.durationMs))
  state.running = false
  await done
  const seconds = (performance.now() - startedAt) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0
  return {
    requests: times.length,
    errors: state.errors,
    perSecond: times.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

function loop(
  socket: Socket,
  options: RawLoadOptions,
  state: { errors: number; running: boolean },
  times: number[],
): Promise<void> {
  return new Promise((resolve) => {
    let sentAt = 0
    let pending = ''
    const send = (): void => {
      sentAt = performance.now()
      socket.write(options.nextRequest())
    }
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1')
      if (!isComplete(pending)) return
      times.push(performance.now() - sentAt)
      if (!pending.startsWith(OK.toString())) state.errors += 1
      pending = ''
      if (state.running) return send()
      socket.destroy()
      resolve()
    })
    socket.on('error', () => {
      state.errors += 1
      resolve()
    })
    send()
  })
}

/** Head and as much body as it declares. */
function isComplete(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const [, length = '0'] = /content-length: (\d+)/i.exec(text) ?? []
  return text.length >= headEnd + 4 + Number(length)
}
