import { setMaxListeners } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { PROFILES, type Profile, type ProviderName } from '../src/domain/provider.js'
import { type Receiver, type Reply, startReceiver } from './receiver/receiver.js'
import {
  hasPlatformApi,
  platformApisOf,
  type SimulatedPlatformApi,
  startPlatformApi,
} from './simulators/platform-api.js'
import { createRandom } from './simulators/random.js'
import { SCENARIOS } from './simulators/scenarios.js'
import { runSimulator, type Target } from './simulators/simulator.js'

type Restaurant = {
  readonly clientId: string
  readonly provider: ProviderName
  readonly profile: Profile
}

/** The demo's restaurants: one client for every platform and profile. */
export const RESTAURANTS: readonly Restaurant[] = [
  { clientId: 'marina-grill', provider: 'careem', profile: 'spec' },
  { clientId: 'marina-grill-live', provider: 'careem', profile: 'live' },
  { clientId: 'kuwait-wraps', provider: 'talabat', profile: 'spec' },
  { clientId: 'kuwait-wraps-live', provider: 'talabat', profile: 'live' },
  { clientId: 'cedar-grill', provider: 'deliveroo', profile: 'spec' },
  { clientId: 'cedar-grill-live', provider: 'deliveroo', profile: 'live' },
  { clientId: 'olaya-kabsa', provider: 'jahez', profile: 'spec' },
  { clientId: 'olaya-kabsa-live', provider: 'jahez', profile: 'live' },
  { clientId: 'harbor-bowls', provider: 'uber-eats', profile: 'live' },
  { clientId: 'boston-bowls', provider: 'doordash', profile: 'live' },
  { clientId: 'riyadh-shawarma', provider: 'delivery-hero', profile: 'live' },
  { clientId: 'bristol-bowls', provider: 'just-eat', profile: 'live' },
  { clientId: 'jeddah-falafel', provider: 'keeta', profile: 'live' },
]

/** Short enough that retries and dead letters show within a minute. */
const RETRY_POLICY = { maxRetries: 3, retryDelays: [1_000, 3_000, 5_000], exponentialBackoff: true }
/** Of each restaurant. */
const ORDERS_PER_SECOND = 0.12
/** The simulated platform takes any. */
const PLATFORM_API = { clientId: 'orderwire-demo', clientSecret: 'orderwire-demo-secret' }

const stateSchema = z.object({
  posPort: z.int(),
  platformApiPort: z.int().optional(),
  targets: z.array(
    z.object({
      provider: z.string(),
      profile: z.enum(PROFILES).default('spec'),
      clientId: z.string(),
      credentials: z.object({ secretKey: z.string(), apiKey: z.string().exactOptional() }),
    }),
  ),
})
type DemoState = z.infer<typeof stateSchema>

type Api = { readonly apiUrl: string; readonly token: string }

export type Demo = {
  /** What the installation must be started with. */
  readonly environment: Readonly<Record<string, string>>
  /** For people. */
  readonly description: string
  /** Registers the restaurants that are not yet, and begins to send. */
  start(api: Api): Promise<void>
  stop(): Promise<void>
}

/** A point of sale that is slow and fails at times, a platform's API, and (once started) platforms that sign and send. */
export async function prepareDemo(dataDir: string): Promise<Demo> {
  const file = join(dataDir, 'demo.json')
  const known = existsSync(file) ? stateSchema.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined
  const pos = await onItsPort(file, known?.posPort, startPos)
  const platformApi = await onItsPort(file, known?.platformApiPort, (port) =>
    startPlatformApi(port === undefined ? {} : { port }),
  ).catch(async (error: unknown) => {
    await pos.close()
    throw error
  })
  const stopping = new AbortController()
  // Every simulated platform waits on it.
  setMaxListeners(0, stopping.signal)
  let running: readonly Promise<void>[] = []
  return {
    environment: { PLATFORM_APIS: platformApisOf(platformApi) },
    description: `${RESTAURANTS.length} restaurants of ${new Set(RESTAURANTS.map(({ provider }) => provider)).size} platforms receive simulated orders; their point of sale is ${pos.url}, the API of platforms with thin events ${platformApi.url}`,
    start: async (api) => {
      const targets = await register(api, pos.url, known?.targets ?? [])
      const ports = { posPort: portOf(pos), platformApiPort: portOf(platformApi) }
      await writeFile(file, JSON.stringify({ ...ports, targets: [...targets] } satisfies DemoState, null, 2), {
        mode: 0o600,
      })
      running = targets.map((target, index) => send(target, index, platformApi, stopping.signal))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
      await Promise.all([pos.close(), platformApi.close()])
    },
  }
}

function send(target: Target, index: number, { url }: SimulatedPlatformApi, signal: AbortSignal): Promise<void> {
  return runSimulator({
    target,
    seed: Date.now() + index,
    scenario: SCENARIOS.everyday,
    ordersPerSecond: ORDERS_PER_SECOND,
    apiUrl: url,
    signal,
  })
}

/** The ports are kept, for registrations and events under way name them. */
async function onItsPort<T>(file: string, port: number | undefined, start: (port?: number) => Promise<T>): Promise<T> {
  try {
    return await start(port)
  } catch (error) {
    const message = `The demo cannot listen on port ${port}. Delete ${file}, or start with --no-demo.`
    throw Object.assign(new Error(message, { cause: error }), { code: 'DEMO_PORT' })
  }
}

function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port)
}

function startPos(port?: number): Promise<Receiver> {
  const random = createRandom(7)
  return startReceiver({
    keep: 100,
    ...(port !== undefined && { port }),
    reply: ({ headers }) => posReply(headers['webhook-id'] ?? '', random.next()),
  })
}

/** Slow at times, failing at times; and some orders it never takes, which become dead letters. */
function posReply(eventId: string, luck: number): Reply {
  const delayMs = luck < 0.9 ? 20 + luck * 150 : 1_500
  if (/[0-9]{2}0$/.test(eventId)) return { status: 500, delayMs, body: '{"error":"printer on fire"}' }
  if (luck > 0.86 && luck < 0.97) return { status: 500, delayMs, body: '{"error":"till is busy"}' }
  if (luck >= 0.97) return { status: 503, delayMs, headers: { 'retry-after': '2' }, body: '{"error":"restarting"}' }
  return { status: 200, delayMs }
}

/** All restaurants as targets; those that are known keep what they have. */
function register(api: Api, posUrl: string, known: DemoState['targets']): Promise<readonly Target[]> {
  return Promise.all(
    RESTAURANTS.map(async ({ clientId, provider, profile }) => {
      const url = `${api.apiUrl}/webhooks/${provider}/${clientId}`
      const kept = known.find((target) => target.clientId === clientId)
      if (kept !== undefined) return { ...kept, url }
      const { secretKey, apiKey } = await call(api, 'POST', 'register', {
        clientId,
        provider,
        profile,
        url: `${posUrl}/${clientId}`,
        events: ['*'],
        ...(hasPlatformApi(provider) && { platformApi: PLATFORM_API }),
      })
      await call(api, 'PUT', `config/${clientId}`, { retryPolicy: RETRY_POLICY })
      const credentials = { secretKey, ...(apiKey !== undefined && { apiKey }) }
      return { provider, profile, clientId, url, credentials }
    }),
  )
}

async function call(
  { apiUrl, token }: Api,
  method: string,
  path: string,
  body: object,
): Promise<{ readonly secretKey: string; readonly apiKey?: string }> {
  const response = await fetch(`${apiUrl}/api/webhooks/${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`Registering the demo failed: ${response.status} ${await response.text()}`)
  // Our own API's answer.
  return (await response.json()) as { secretKey: string; apiKey?: string }
}
