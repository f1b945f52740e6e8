import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort } from '../dev/stack/server-process.js'
import { signToken } from '../src/graph/auth.js'
import { deliverooSpec } from '../src/providers/deliveroo/spec.js'
import { tableAdapter } from '../src/providers/table-adapter.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SECRET = 'bench-secret-0123456789-0123456789'
export const SECRETS = {
  JWT_SECRET: 'bench-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'bench-encryption-key-0123456789-01234',
}
const { sign } = tableAdapter(deliverooSpec)

/** A role as a process of its own, from what ships. */
export async function serve(
  role: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
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
