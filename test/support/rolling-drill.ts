import { randomBytes } from 'node:crypto'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startReceiver } from '../../dev/receiver/receiver.js'
import { type Entry, SPLIT_ROLES, startSplit } from '../../dev/split/split.js'
import { signToken } from '../../src/graph/auth.js'
import { type Json, type Registered, until } from './app.js'
import { countByStatus, runLoad } from './load.js'
import { reconcile } from './reconcile.js'

/** What a rolling restart of a split installation did to those who use it. */
export type RollingReport = {
  readonly requests: number
  /** Requests that were not answered 200, the connection's failures (0) among them: status → how many. */
  readonly failed: Readonly<Record<number, number>>
  readonly accepted: number
  /** Events that were delivered more often than once (a restart may repeat, never skip). */
  readonly repeated: number
  /** Accepted events that the subscription did not show. */
  readonly unseen: number
  /** Cursors that the subscription showed twice, or out of order. */
  readonly unordered: number
  readonly reconnects: number
  readonly slowestMs: number
  readonly restartedIn: Readonly<Record<string, number>>
}

export type RollingOptions = {
  readonly natsUrl: string
  readonly mongoUrl: string
  readonly perSecond: number
  readonly entry: Entry
  onProgress(line: string): void
}

const MAX_RUN_MS = 240_000
/** Longer than the balancer needs to notice (it asks every 100 ms). */
const SHUTDOWN_DELAY_MS = 1_000
const UNLIMITED = { security: { rateLimiting: { enabled: false } } }
export const SECRETS = {
  JWT_SECRET: 'drill-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'drill-encryption-key-0123456789-01234',
}

/** Restarts every process of every role, one after the other, under a steady load with a subscription open. */
export async function rollingDrill(options: RollingOptions): Promise<RollingReport> {
  const tag = `d${randomBytes(6).toString('hex')}`
  const pos = await startReceiver()
  const split = await startSplit(environmentOf(options, tag), options.entry)
  try {
    const token = await signToken(SECRETS.JWT_SECRET, { role: 'admin' }, { ttlSeconds: 3_600, now: new Date() })
    const api = createApi(split.graphUrl, token)
    const targets = await Promise.all(['a', 'b'].map((name) => register(api, `rolled-${name}`, pos.url)))
    const following = new AbortController()
    const subscription = follow(split.graphUrl, token, following.signal)
    await until('the subscription is open', () => subscription.isOpen())
    await until('registrations are in force', () => isTaken(split.ingressUrl, targets), 20_000)
    const ending = new AbortController()
    const load = runLoad({
      url: split.ingressUrl,
      targets,
      perSecond: options.perSecond,
      durationMs: MAX_RUN_MS,
      signal: ending.signal,
    })
    const restartedIn: Record<string, number> = {}
    for (const role of SPLIT_ROLES) {
      const startedAt = Date.now()
      await split.restart(role)
      restartedIn[role] = Date.now() - startedAt
      options.onProgress(`${role}: both restarted in ${(restartedIn[role] / 1_000).toFixed(1)} s`)
    }
    ending.abort()
    const answers = await load
    const { 200: _, ...failed } = countByStatus(answers)
    const { accepted } = await reconcile(answers, { api }, pos, 90_000)
    const ids = new Set(answers.flatMap(({ eventId }) => (eventId === null ? [] : [eventId])))
    const unseen = (): number => [...ids].filter((id) => !subscription.seen.has(id)).length
    await until('the subscription has shown every event', () => unseen() === 0, 30_000).catch(() => undefined)
    following.abort()
    return {
      requests: answers.length,
      failed,
      accepted,
      repeated: pos.received.length - new Set(pos.received.map(({ headers }) => headers['webhook-id'])).size,
      unseen: unseen(),
      unordered: subscription.unordered(),
      reconnects: subscription.reconnects(),
      slowestMs: Math.round(Math.max(...answers.map(({ ms }) => ms))),
      restartedIn,
    }
  } finally {
    await split.close()
    await pos.close()
  }
}

/** What `serve` needs, apart from everything else on the same stack. */
export function environmentOf(stack: { readonly natsUrl: string; readonly mongoUrl: string }, tag: string) {
  return {
    ...SECRETS,
    NATS_URL: stack.natsUrl,
    MONGODB_URL: stack.mongoUrl,
    NATS_PREFIX: tag,
    MONGODB_DATABASE: tag,
    ALLOW_PRIVATE_TARGETS: 'true',
    LOG_LEVEL: 'error',
    SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS),
  }
}

type Api = (method: string, path: string, body?: unknown) => Promise<{ readonly status: number; readonly json: Json }>

export function createApi(url: string, token: string): Api {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, connection: 'close', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
}

export async function register(api: Api, clientId: string, url: string): Promise<Registered> {
  const provider = 'jahez'
  const { status, json } = await api('POST', '/api/webhooks/register', { clientId, provider, url, events: ['*'] })
  if (status !== 201) throw new Error(`register answered ${status}: ${JSON.stringify(json)}`)
  await api('PUT', `/api/webhooks/config/${clientId}`, UNLIMITED)
  const credentials = { secretKey: json.secretKey, ...(json.apiKey && { apiKey: json.apiKey }) }
  const { webhookId, signingSecret } = json
  return { webhookId, clientId, provider, profile: 'spec', credentials, signingSecret }
}

/** Every instance knows every client, and has its limit off: 404 and 401 tell unknown from known. */
export async function isTaken(url: string, targets: readonly Registered[]): Promise<boolean> {
  const statuses = await Promise.all(
    Array.from({ length: 4 }, () => targets).flatMap((each) =>
      each.map(async ({ provider, clientId }) => {
        const path = `${url}/webhooks/${provider}/${clientId}`
        const headers = { 'content-type': 'application/json', connection: 'close' }
        return (await fetch(path, { method: 'POST', headers, body: '{}' })).status
      }),
    ),
  )
  return statuses.every((status) => status !== 404)
}

const QUERY = 'subscription ($after: String) { events(after: $after) { cursor kind eventId } }'

/** Follows events, and after each cut goes on from its last cursor, as a client of ours should. */
function follow(url: string, token: string, signal: AbortSignal) {
  const seen = new Set<string>()
  const state = { after: undefined as string | undefined, unordered: 0, connections: 0 }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
        on: { connected: () => (state.connections += 1) },
      })
      const stop = (): void => void client.dispose()
      signal.addEventListener('abort', stop)
      try {
        for await (const { data } of client.iterate<{ events: { cursor: string; kind: string; eventId: string } }>({
          query: QUERY,
          variables: { after: state.after ?? null },
        })) {
          if (!data) continue
          if (state.after !== undefined && Number(data.events.cursor) <= Number(state.after)) state.unordered += 1
          state.after = data.events.cursor
          if (data.events.kind === 'DISPATCHED') seen.add(data.events.eventId)
        }
      } catch {
        // Cut by a restart: that is the drill.
      } finally {
        signal.removeEventListener('abort', stop)
        await client.dispose()
      }
    }
  }
  void run()
  return {
    seen: seen as ReadonlySet<string>,
    isOpen: () => state.connections > 0,
    unordered: () => state.unordered,
    reconnects: () => state.connections - 1,
  }
}
