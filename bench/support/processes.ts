import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../dev/stack/server-process.js'
import { type LocalStack, startStack } from '../../dev/stack/stack.js'
import { signToken } from '../../src/graph/auth.js'
import { deliverooSpec } from '../../src/providers/deliveroo/spec.js'
import { tableAdapter } from '../../src/providers/table-adapter.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SECRET = 'bench-secret-0123456789-0123456789'
export const SECRETS = {
  JWT_SECRET: 'bench-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'bench-encryption-key-0123456789-01234',
}
const { sign } = tableAdapter(deliverooSpec)

type Started = { readonly child: ChildProcess; readonly port: number }

/** Runs a bench against an installation of its own: a stack, and roles as the bench starts them. Everything is gone afterwards. */
export async function withInstallation(
  more: Readonly<Record<string, string>>,
  bench: (installation: LocalStack & { start(role: string): Promise<Started> }) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-bench-'))
  const stack = await startStack({ dataDir, memory: true })
  const children: ChildProcess[] = []
  const environment = {
    ...SECRETS,
    NATS_URL: stack.natsUrl,
    MONGODB_URL: stack.mongoUrl,
    HOST: '127.0.0.1',
    ALLOW_PRIVATE_TARGETS: 'true',
    ...more,
  }
  const start = async (role: string): Promise<Started> => {
    const started = await serve(role, environment)
    children.push(started.child)
    return started
  }
  try {
    await bench({ ...stack, start })
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await stack.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** What a receiver got. */
export type Arrival = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }

/** When an endpoint answers a delivery; at once where nothing is said. */
export type SinkAnswer = 'hang' | { readonly afterMs: number } | undefined

/**
 * An endpoint that answers 200; its URL.
 * @param take told of each delivery when it is there whole
 */
export async function startSink(take: (arrival: Arrival) => SinkAnswer): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.once('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const answer = take({ path: request.url ?? '/', headers: request.headers, body })
      if (answer !== 'hang') setTimeout(() => response.end('{}'), answer?.afterMs ?? 0)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A role as a process of its own, from what ships. */
export async function serve(role: string, environment: Readonly<Record<string, string>>): Promise<Started> {
  const port = await freePort()
  const child = spawn(process.execPath, ['dist/src/main.js', 'serve', '--role', role], {
    cwd: ROOT,
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    const up = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    )
    if (up) return { child, port }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`${role} did not start`)
}

/** Registers a client's endpoint with the graph role. */
export async function register(graphPort: number, clientId: string, url: string): Promise<void> {
  const token = await signToken(SECRETS.JWT_SECRET, { role: 'admin' }, { ttlSeconds: 600, now: new Date() })
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${graphPort}/api/webhooks/${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  await call('POST', 'register', { clientId, provider: 'deliveroo', url, events: ['*'], secretKey: SECRET })
  await call('PUT', `config/${clientId}`, { security: { rateLimiting: { enabled: false } } })
}

/** A distinct signed order of a client, as the request a platform makes. */
export function orderRequest(clientId: string, id: string) {
  const at = new Date().toISOString()
  const order = { id: `ae:${id}`, status: 'placed', status_log: [{ at, status: 'placed' }], items: [] }
  const body = Buffer.from(
    JSON.stringify({ event_type: 'order_event', timestamp: at, data: { event: 'order.new', order } }),
  )
  const signed = sign(body, { secretKey: SECRET }, { clientId, nowMs: Date.now() })
  return {
    method: 'POST',
    path: `/webhooks/deliveroo/${clientId}`,
    headers: { 'content-type': 'application/json', ...signed },
    body,
  } as const
}
