import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { freePort } from '../dev/stack/server-process.js'
import { startStack } from '../dev/stack/stack.js'
import { signToken } from '../src/graph/auth.js'
import { deliverooSpec } from '../src/providers/deliveroo/spec.js'
import { tableAdapter } from '../src/providers/table-adapter.js'

// `npm run bench deliver [-- --short]`: orders wait in the stream; how fast processors dispatch and deliver them to a
// receiver that answers at once. Counted at the receiver, from its first delivery to its last.

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ORDERS = process.argv.includes('--short') ? 3_000 : 10_000
const CLIENTS = 20
const SECRET = 'bench-secret-0123456789-0123456789'
const SECRETS = {
  JWT_SECRET: 'bench-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'bench-encryption-key-0123456789-01234',
}

const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-bench-'))
const stack = await startStack({ dataDir, memory: true })
const children: ChildProcess[] = []
const receiver = await countingReceiver()
try {
  const environment = {
    ...SECRETS,
    NATS_URL: stack.natsUrl,
    MONGODB_URL: stack.mongoUrl,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    ALLOW_PRIVATE_TARGETS: 'true',
  }
  const graph = await serve('graph', environment)
  for (let index = 0; index < CLIENTS; index += 1) await register(graph.port, `bench-${index}`)
  graph.child.kill('SIGTERM')
  const ingress = await serve('ingress', environment)
  await sendOrders(ingress.port)
  ingress.child.kill('SIGTERM')
  await serve('processors', environment)
  const { first, last, ids } = await receiver.all(ORDERS)
  const perSecond = (ORDERS / (last - first)) * 1_000
  console.log(`${ORDERS} orders, ${CLIENTS} clients: ${Math.round(perSecond)} deliveries/s, ${ids - ORDERS} duplicates`)
} finally {
  for (const child of children) child.kill('SIGKILL')
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(0)

async function countingReceiver() {
  const seen = new Set<string>()
  let count = 0
  let first = 0
  let last = 0
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      first ||= performance.now()
      last = performance.now()
      count += 1
      seen.add(String(request.headers['webhook-id']))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    all: async (wanted: number) => {
      const deadline = Date.now() + 120_000
      while (seen.size < wanted) {
        if (Date.now() > deadline) throw new Error(`only ${seen.size} of ${wanted} came`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return { first, last, ids: count }
    },
  }
}

async function serve(role: string, environment: Readonly<Record<string, string>>) {
  const port = await freePort()
  const child = spawn(process.execPath, ['dist/src/main.js', 'serve', '--role', role], {
    cwd: ROOT,
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    const up = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    )
    if (up) return { child, port }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${role} did not start`)
}

async function register(port: number, clientId: string): Promise<void> {
  const token = await signToken(SECRETS.JWT_SECRET, { role: 'admin' }, { ttlSeconds: 600, now: new Date() })
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/webhooks/${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  const { url } = receiver
  await call('POST', 'register', { clientId, provider: 'deliveroo', url, events: ['*'], secretKey: SECRET })
  await call('PUT', `config/${clientId}`, { security: { rateLimiting: { enabled: false } } })
}

async function sendOrders(port: number): Promise<void> {
  const { sign } = tableAdapter(deliverooSpec)
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 128 })
  const at = new Date().toISOString()
  let next = 0
  const lane = async (): Promise<void> => {
    for (let index = next++; index < ORDERS; index = next++) {
      const clientId = `bench-${index % CLIENTS}`
      const order = { id: `ae:${index}`, status: 'placed', status_log: [{ at, status: 'placed' }], items: [] }
      const body = Buffer.from(
        JSON.stringify({ event_type: 'order_event', timestamp: at, data: { event: 'order.new', order } }),
      )
      const signed = sign(body, { secretKey: SECRET }, { clientId, nowMs: Date.now() })
      const answer = await pool.request({
        method: 'POST',
        path: `/webhooks/deliveroo/${clientId}`,
        headers: { 'content-type': 'application/json', ...signed },
        body,
      })
      await answer.body.dump()
      if (answer.statusCode !== 200) throw new Error(`ingress answered ${answer.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: 128 }, lane))
  await pool.destroy()
}
