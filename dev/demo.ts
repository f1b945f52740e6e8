import { setMaxListeners } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProviderName } from '../src/domain/provider.js'
import { type Receiver, type Reply, startReceiver } from './receiver/receiver.js'
import { createRandom } from './simulators/random.js'
import { runSimulator, type Target } from './simulators/simulator.js'

/** The demo's restaurants: one client for every platform. */
const RESTAURANTS: readonly { readonly clientId: string; readonly provider: ProviderName }[] = [
  { clientId: 'marina-grill', provider: 'careem' },
  { clientId: 'kuwait-wraps', provider: 'talabat' },
  { clientId: 'cedar-grill', provider: 'deliveroo' },
  { clientId: 'olaya-kabsa', provider: 'jahez' },
]

/** Short enough that retries and dead letters show within a minute. */
const RETRY_POLICY = { maxRetries: 3, retryDelays: [1_000, 3_000, 5_000], exponentialBackoff: true }
const ORDERS_PER_SECOND = 0.4
const FAULTS = { resend: 0.04, cancel: 0.08, badSignature: 0.01 }

type DemoState = { readonly posPort: number; readonly targets: readonly Target[] }

export type Demo = { readonly posUrl: string; readonly clients: readonly string[]; stop(): Promise<void> }

/** Simulated platforms that sign and send, and a point of sale that is slow and fails at times. */
export async function startDemo(options: {
  readonly apiUrl: string
  readonly token: string
  readonly dataDir: string
}): Promise<Demo> {
  const file = join(options.dataDir, 'demo.json')
  const known = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as DemoState) : undefined
  const pos = await startPos(known?.posPort, file)
  const posPort = Number(new URL(pos.url).port)
  const targets =
    known === undefined
      ? await register(options, pos.url)
      : known.targets.map((target) => ({ ...target, url: ingressUrl(options.apiUrl, target) }))
  await writeFile(file, JSON.stringify({ posPort, targets } satisfies DemoState, null, 2), { mode: 0o600 })
  const stopping = new AbortController()
  // Every order under way waits on it.
  setMaxListeners(0, stopping.signal)
  const running = targets.map((target, index) =>
    runSimulator({
      target,
      random: createRandom(Date.now() + index),
      ordersPerSecond: ORDERS_PER_SECOND,
      faults: FAULTS,
      signal: stopping.signal,
    }),
  )
  return {
    posUrl: pos.url,
    clients: targets.map(({ clientId }) => clientId),
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
      await pos.close()
    },
  }
}

/** The port is kept, for the registrations name it. */
async function startPos(port: number | undefined, file: string): Promise<Receiver> {
  const random = createRandom(7)
  try {
    return await startReceiver({
      keep: 100,
      ...(port !== undefined && { port }),
      reply: ({ headers }) => posReply(headers['webhook-id'] ?? '', random.next()),
    })
  } catch (error) {
    throw Object.assign(
      new Error(`The demo's point of sale cannot listen on port ${port}. Delete ${file}, or start with --no-demo.`, {
        cause: error,
      }),
      { code: 'DEMO_PORT' },
    )
  }
}

/** Slow at times, failing at times; and some orders it never takes, which become dead letters. */
function posReply(eventId: string, luck: number): Reply {
  const delayMs = luck < 0.9 ? 20 + luck * 150 : 1_500
  if (/[0-9]{2}0$/.test(eventId)) return { status: 500, delayMs, body: '{"error":"printer on fire"}' }
  if (luck > 0.86 && luck < 0.97) return { status: 500, delayMs, body: '{"error":"till is busy"}' }
  if (luck >= 0.97) return { status: 503, delayMs, headers: { 'retry-after': '2' }, body: '{"error":"restarting"}' }
  return { status: 200, delayMs }
}

function ingressUrl(
  apiUrl: string,
  { provider, clientId }: { readonly provider: string; readonly clientId: string },
): string {
  return `${apiUrl}/webhooks/${provider}/${clientId}`
}

async function register(
  options: { readonly apiUrl: string; readonly token: string },
  posUrl: string,
): Promise<readonly Target[]> {
  const call = async (method: string, path: string, body: object): Promise<{ secretKey: string; apiKey?: string }> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${options.token}` }
    const response = await fetch(`${options.apiUrl}/api/webhooks/${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`Registering the demo failed: ${response.status} ${await response.text()}`)
    return (await response.json()) as { secretKey: string; apiKey?: string }
  }
  const targets: Target[] = []
  for (const { clientId, provider } of RESTAURANTS) {
    const { secretKey, apiKey } = await call('POST', 'register', {
      clientId,
      provider,
      url: `${posUrl}/${clientId}`,
      events: ['*'],
    })
    await call('PUT', `config/${clientId}`, { retryPolicy: RETRY_POLICY })
    targets.push({
      provider,
      clientId,
      url: ingressUrl(options.apiUrl, { provider, clientId }),
      credentials: { secretKey, ...(apiKey !== undefined && { apiKey }) },
    })
  }
  return targets
}
