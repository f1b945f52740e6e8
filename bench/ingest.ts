import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../dev/stack/server-process.js'
import { type LocalStack, startStack } from '../dev/stack/stack.js'
import { deliverooSpec } from '../src/providers/deliveroo/spec.js'
import { tableAdapter } from '../src/providers/table-adapter.js'
import { type RawResult, runRawLoad } from './support/raw-load.js'

// `npm run bench ingest [-- --short]`: the whole ingress (verify, parse, identify, fsynced commit) against bare
// uWebSockets.js + HMAC + JSON.parse that keeps nothing. Same machine, same load, rounds interleaved.

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const isShort = process.argv.includes('--short')
const CONNECTIONS = isShort ? [256] : [64, 256]
const ROUNDS = isShort ? 3 : 5
const ROUND_MS = isShort ? 1_500 : 4_000
/** The floor of the ratio at 256 connections; a regression fails the bench. In CI the machine may be busy with itself. */
const MIN_RATIO = isShort ? 0.15 : 0.3
const PREPARED = 20_000
const SECRET = 'bench-secret-0123456789-0123456789'
const SECRETS = {
  JWT_SECRET: 'bench-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'bench-encryption-key-0123456789-01234',
}

const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-bench-'))
const stack = await startStack({ dataDir, memory: true, onProgress: (line) => console.log(`  ${line}`) })
const children: ChildProcess[] = []
let failed = false
try {
  failed = await bench(stack)
} finally {
  for (const child of children) child.kill('SIGKILL')
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

async function bench({ natsUrl, mongoUrl }: LocalStack): Promise<boolean> {
  const ours = await freePort()
  const reference = await freePort()
  const environment = { ...SECRETS, NATS_URL: natsUrl, MONGODB_URL: mongoUrl, HOST: '127.0.0.1', LOG_LEVEL: 'warn' }
  // The graph role registers the client, then makes room for what is measured.
  const graphPort = await freePort()
  const graph = start(['dist/src/main.js', 'serve', '--role', 'graph'], {
    ...environment,
    PORT: String(graphPort),
  })
  await answering(graphPort)
  await register(graphPort)
  graph.kill('SIGTERM')
  start(['dist/src/main.js', 'serve', '--role', 'ingress'], { ...environment, PORT: String(ours) })
  start(['bench/support/reference-server.mjs', String(reference), SECRET], {})
  await Promise.all([answering(ours), answering(reference)])
  console.log(`  preparing ${PREPARED} signed orders`)
  const nextRequest = prepare()
  for (const port of [ours, reference]) await runRawLoad({ port, connections: 64, durationMs: 1_000, nextRequest })
  let failed = false
  for (const connections of CONNECTIONS) {
    const rounds: { ours: RawResult; reference: RawResult }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const mine = await runRawLoad({ port: ours, connections, durationMs: ROUND_MS, nextRequest })
      const theirs = await runRawLoad({ port: reference, connections, durationMs: ROUND_MS, nextRequest })
      rounds.push({ ours: mine, reference: theirs })
    }
    const mine = median(rounds.map((round) => round.ours))
    const theirs = median(rounds.map((round) => round.reference))
    const errors = rounds.reduce((sum, round) => sum + round.ours.errors + round.reference.errors, 0)
    const ratio = mine.perSecond / theirs.perSecond
    console.log(
      `${connections} connections: ours ${describe(mine)} · reference ${describe(theirs)} · ratio ${ratio.toFixed(2)} · ${errors} errors`,
    )
    if (errors > 0 || (connections === 256 && ratio < MIN_RATIO)) failed = true
  }
  console.log(failed ? `FAILED: errors, or a ratio below ${MIN_RATIO} at 256 connections` : 'ok')
  return failed
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  return child
}

async function answering(port: number): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    try {
      await fetch(`http://127.0.0.1:${port}/health`)
      return
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}

async function register(port: number): Promise<void> {
  const { signToken } = await import('../src/graph/auth.js')
  const token = await signToken(SECRETS.JWT_SECRET, { role: 'admin' }, { ttlSeconds: 600, now: new Date() })
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const response = await fetch(`http://127.0.0.1:${port}/api/webhooks/${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  await call('POST', 'register', {
    clientId: 'bench',
    provider: 'deliveroo',
    url: 'http://127.0.0.1:9/',
    events: ['*'],
    secretKey: SECRET,
  })
  await call('PUT', 'config/bench', { security: { rateLimiting: { enabled: false } } })
}

/** Distinct orders of about 1.5 kB, signed beforehand and sent round. */
function prepare(): () => Buffer {
  const { sign } = tableAdapter(deliverooSpec)
  const at = new Date().toISOString()
  const items = Array.from({ length: 6 }, (_, index) => ({
    pos_item_id: `PLU-${index}`,
    name: 'Shawarma plate with garlic',
    operational_name: 'SHAWARMA',
    quantity: 1,
    unit_price: { fractional: 4200, currency_code: 'AED' },
    total_price: { fractional: 4200, currency_code: 'AED' },
    modifiers: [],
  }))
  const requests = Array.from({ length: PREPARED }, (_, index) => {
    const order = {
      id: `ae:${at}-${index}`,
      status: 'placed',
      status_log: [{ at, status: 'placed' }],
      items,
      total_price: { fractional: 25_200, currency_code: 'AED' },
    }
    const body = Buffer.from(
      JSON.stringify({ event_type: 'order_event', timestamp: at, data: { event: 'order.new', order } }),
    )
    const signed = sign(body, { secretKey: SECRET }, { clientId: 'bench', nowMs: Date.now() })
    const headers = Object.entries({
      host: 'bench',
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...signed,
    })
    return Buffer.concat([
      Buffer.from(
        `POST /webhooks/deliveroo/bench HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      ),
      body,
    ])
  })
  let next = 0
  return () => {
    next = (next + 1) % requests.length
    return requests[next] ?? Buffer.alloc(0)
  }
}

function median(results: readonly RawResult[]): RawResult {
  const sorted = [...results].sort((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('no rounds')
  return middle
}

function describe({ perSecond, p50Ms, p99Ms }: RawResult): string {
  return `${Math.round(perSecond)}/s (p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms)`
}
