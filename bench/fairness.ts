import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { startStack } from '../dev/stack/stack.js'
import { orderRequest, register, SECRETS, serve } from './processes.js'

// `npm run bench fairness [-- --short]`: ten quiet clients, 2 orders a second each; beside them nobody, one client at 50
// times that, or one whose endpoint hangs until time-out. From an order's sending to its delivery, the quiet clients' only.
// Rounds are interleaved; what counts is how much a neighbour moves the median of the rounds' p99.

const isShort = process.argv.includes('--short')
const QUIET = Array.from({ length: 10 }, (_, index) => `quiet-${index}`)
const ROUNDS = isShort ? 4 : 7
const ROUND_MS = isShort ? 15_000 : 30_000
/** Deliveries that hang are cut off after this. */
const TIMEOUT_MS = 5_000
const NEIGHBOURS = { nobody: null, 'one at 50 times its share': 'noisy', 'one that hangs': 'hanging' } as const
type Neighbour = keyof typeof NEIGHBOURS
const QUIET_PER_SECOND = 2
const NOISY_PER_SECOND = 50 * QUIET_PER_SECOND
const HANGING_PER_SECOND = 10

const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-bench-'))
const stack = await startStack({ dataDir, memory: true })
const children: ChildProcess[] = []
/** When each order was sent; taken out when it arrives. */
const sent = new Map<string, number>()
const latencies: number[] = []
let counter = 0
const receiver = await startReceiver()
try {
  const environment = {
    ...SECRETS,
    NATS_URL: stack.natsUrl,
    MONGODB_URL: stack.mongoUrl,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    ALLOW_PRIVATE_TARGETS: 'true',
    WEBHOOK_TIMEOUT: String(TIMEOUT_MS),
  }
  const start = async (role: string): Promise<number> => {
    const { child, port } = await serve(role, environment)
    children.push(child)
    return port
  }
  const graph = await start('graph')
  for (const clientId of [...QUIET, 'noisy', 'hanging']) await register(graph, clientId, `${receiver}/${clientId}`)
  const pool = new Pool(`http://127.0.0.1:${await start('ingress')}`, { connections: 64 })
  await start('processors')
  await round(pool, 'nobody')
  const results = new Map<Neighbour, Times[]>()
  for (let index = 0; index < ROUNDS; index += 1) {
    for (const neighbour of Object.keys(NEIGHBOURS) as Neighbour[]) {
      results.set(neighbour, [...(results.get(neighbour) ?? []), await round(pool, neighbour)])
    }
  }
  const p99Of = (list: readonly Times[] = []): number => median(list.map(({ p99 }) => p99))
  const base = p99Of(results.get('nobody'))
  for (const [neighbour, list] of results) {
    const moved = ((p99Of(list) / base - 1) * 100).toFixed(0)
    const rounds = list.map(({ p99 }) => p99.toFixed(0)).join(' ')
    const p50 = median(list.map((times) => times.p50)).toFixed(1)
    console.log(`beside ${neighbour}: p50 ${p50} ms, p99 ${p99Of(list).toFixed(1)} ms (${rounds}), ${moved} %`)
  }
} finally {
  for (const child of children) child.kill('SIGKILL')
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(0)

async function startReceiver(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.once('end', () => {
      if (request.url === '/hanging') return
      response.end('{}')
      const at = sent.get(idOf(Buffer.concat(chunks).toString('utf8')))
      if (at !== undefined) latencies.push(performance.now() - at)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function idOf(body: string): string {
  return /"externalId":"ae:([^"]+)"/.exec(body)?.[1] ?? ''
}

type Times = { readonly p50: number; readonly p99: number }

/** The quiet clients' latency over one round, ms. */
async function round(pool: Pool, neighbour: Neighbour): Promise<Times> {
  sent.clear()
  latencies.length = 0
  const stopAt = performance.now() + ROUND_MS
  const streams = QUIET.map((clientId) => stream(pool, clientId, QUIET_PER_SECOND, stopAt, true))
  const other = NEIGHBOURS[neighbour]
  if (other === 'noisy') streams.push(stream(pool, other, NOISY_PER_SECOND, stopAt, false))
  if (other === 'hanging') streams.push(stream(pool, other, HANGING_PER_SECOND, stopAt, false))
  await Promise.all(streams)
  const deadline = Date.now() + 10_000
  while (latencies.length < sent.size && Date.now() < deadline) await wait(20)
  if (latencies.length < sent.size) throw new Error(`only ${latencies.length} of ${sent.size} arrived`)
  const sorted = [...latencies].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

/** An open loop: orders leave at their time. */
async function stream(pool: Pool, clientId: string, perSecond: number, stopAt: number, isMeasured: boolean) {
  await wait(Math.random() * 1_000)
  while (performance.now() < stopAt) {
    counter += 1
    const id = `${clientId}-${counter}`
    if (isMeasured) sent.set(id, performance.now())
    void pool.request(orderRequest(clientId, id)).then(({ body }) => body.dump())
    await wait(1_000 / perSecond)
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
