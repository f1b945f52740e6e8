import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { type LocalStack, startStack } from '../../dev/stack/stack.js'
import { type App, startApp } from '../../src/app/app.js'
import { type Role, readConfig } from '../../src/config/config.js'
import type { InboundCredentials, PlatformApiCredentials } from '../../src/domain/client.js'
import type { Profile, ProviderName } from '../../src/domain/provider.js'
import { signToken } from '../../src/graph/auth.js'
import { createLoggers } from '../../src/observability/logger.js'
import { adapterFor } from './providers.js'

const SECRETS = {
  JWT_SECRET: 'test-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'test-encryption-key-0123456789-012345',
}

/** JSON whose shape the assertions state. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers field by field, and fails where one is missing
export type Json = any

/** An orderwire in this process, apart from every other by prefix and database. */
export type TestApp = {
  readonly url: string
  readonly app: App
  readonly environment: Readonly<Record<string, string>>
  token(viewer?: { role: 'viewer' | 'operator' | 'admin'; client?: string }): Promise<string>
  /** A REST call with an admin's token; answers status and JSON. */
  api(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: Json }>
  graphql(query: string, variables?: object, token?: string): Promise<Json>
  register(options: {
    provider: ProviderName
    clientId: string
    url: string
    events?: string[]
    secretKey?: string
    profile?: Profile
    platformApi?: PlatformApiCredentials
    config?: object
  }): Promise<Registered>
  stop(): Promise<void>
}

export type Registered = {
  readonly webhookId: string
  readonly clientId: string
  readonly provider: ProviderName
  readonly profile: Profile
  readonly credentials: InboundCredentials
  readonly signingSecret: string
}

export type TestAppOptions = {
  readonly natsUrl?: string
  readonly mongoUrl?: string
  readonly role?: Role
  /** Where log lines go instead of standard output. */
  readonly logs?: { write(line: string): void }
  readonly environment?: Readonly<Record<string, string>>
  now?(): Date
  readonly alertsEveryMs?: number
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const tag = `t${randomBytes(6).toString('hex')}`
  const environment = {
    ...SECRETS,
    NATS_URL: options.natsUrl ?? inject('natsUrl'),
    MONGODB_URL: options.mongoUrl ?? inject('mongoUrl'),
    NATS_PREFIX: tag,
    MONGODB_DATABASE: tag,
    HOST: '127.0.0.1',
    PORT: '0',
    ALLOW_PRIVATE_TARGETS: 'true',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...options.environment,
  }
  const { config, secrets } = readConfig(environment, options.role ?? 'all')
  const app = await startApp({
    config,
    secrets,
    loggers: createLoggers(config.logLevel, {}, { ...(options.logs && { destination: options.logs }) }),
    ...(options.now && { now: options.now }),
    ...(options.alertsEveryMs !== undefined && { alertsEveryMs: options.alertsEveryMs }),
  })
  const url = `http://127.0.0.1:${app.port}`
  const token: TestApp['token'] = (viewer = { role: 'admin' }) =>
    signToken(secrets.jwtSecret, viewer, { ttlSeconds: 3_600, now: options.now?.() ?? new Date() })
  const api: TestApp['api'] = async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${await token()}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
  return {
    url,
    app,
    environment,
    token,
    api,
    graphql: async (query, variables, bearer) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer ?? (await token())}` }
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      })
      return response.json()
    },
    register: async ({ config, ...input }) => {
      const { status, json } = await api('POST', '/api/webhooks/register', { events: ['*'], ...input })
      if (status !== 201) throw new Error(`register answered ${status}: ${JSON.stringify(json)}`)
      if (config !== undefined) await api('PUT', `/api/webhooks/config/${input.clientId}`, config)
      return {
        webhookId: json.webhookId,
        clientId: input.clientId,
        provider: input.provider,
        profile: input.profile ?? 'spec',
        credentials: { secretKey: json.secretKey, ...(json.apiKey && { apiKey: json.apiKey }) },
        signingSecret: json.signingSecret,
      }
    },
    stop: () => app.stop(),
  }
}

/** POSTs a body as the platform would. */
export async function send(
  url: string,
  to: Pick<Registered, 'provider' | 'clientId' | 'credentials'> & { readonly profile?: Profile },
  body: string | Uint8Array,
  options: { nowMs?: number; headers?: Record<string, string> } = {},
) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
  const signed = adapterFor(to.provider, to.profile ?? 'spec').sign(bytes, to.credentials, {
    clientId: to.clientId,
    nowMs: options.nowMs ?? Date.now(),
  })
  const response = await fetch(`${url}/webhooks/${to.provider}/${to.clientId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signed, ...options.headers },
    body: new Uint8Array(bytes),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: (text === '' ? null : JSON.parse(text)) as Json }
}

/** A small valid order of each provider; `id` makes it its own event. */
export function orderBody(provider: ProviderName, id: string | number): string {
  const timestamp = new Date().toISOString()
  const bodies: Record<ProviderName, object> = {
    careem: {
      event_type: 'order.created',
      timestamp,
      data: { order: { id: `c-${id}`, status: 'confirmed', currency: 'AED', total_amount: '10.00', items: [] } },
    },
    talabat: {
      event_type: 'order_notification',
      timestamp,
      data: {
        order: { token: `t-${id}`, localInfo: { countryCode: 'KW' }, price: { grandTotal: '1.250' }, products: [] },
      },
    },
    deliveroo: {
      event_type: 'order_event',
      timestamp,
      data: {
        event: 'order.new',
        order: { id: `d-${id}`, status: 'placed', status_log: [{ at: timestamp, status: 'placed' }], items: [] },
      },
    },
    jahez: {
      event_type: 'order_action',
      timestamp,
      data: { action: 'create', order: { jahez_id: `j-${id}`, products: [] } },
    },
  }
  return JSON.stringify(bodies[provider])
}

/** A stack of its own, for tests that kill servers. */
export async function startOwnStack(
  options: { memory?: boolean } = {},
): Promise<LocalStack & { readonly dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-own-'))
  const stack = await startStack({
    dataDir,
    memory: options.memory ?? true,
    environment: { ...process.env, NATS_URL: '', MONGODB_URL: '' },
  })
  const close = async (): Promise<void> => {
    await stack.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { ...stack, dataDir, close, [Symbol.asyncDispose]: close }
}

/** Waits until `check` gives a value; asks again every few milliseconds, and fails with `what` after the time. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await check()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
