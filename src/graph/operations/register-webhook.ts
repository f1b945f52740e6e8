import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Client, ClientSettings, Webhook } from '../../domain/client.js'
import { CLIENT_ID_PATTERN, randomId } from '../../domain/ids.js'
import { PROFILES } from '../../domain/provider.js'
import { requireRole, scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { parseInput } from './parse-input.js'
import { changeClient } from './save-client.js'

const MAX_WEBHOOKS_PER_CLIENT = 100

const inputSchema = z.object({
  clientId: z
    .string()
    .regex(CLIENT_ID_PATTERN, 'must be 1–64 letters, digits, _ or -, starting with a letter or digit'),
  provider: z.string(),
  profile: z.enum(PROFILES).default('spec'),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2_000)
    .refine((url) => !hasCredentials(url), 'must not hold a user or password'),
  events: z
    .array(z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be event names'))
    .min(1, 'must name at least one event, or "*"')
    .max(50),
  secretKey: z.string().min(8, 'must be at least 8 characters').max(256).nullish(),
  /** The secret is the `secretKey` where it is left out: Uber signs with its client secret. */
  platformApi: z
    .object({ clientId: z.string().min(1).max(256), clientSecret: z.string().min(1).max(512).nullish() })
    .nullish(),
})

/** What a new registration answers: the only time its secrets are shown. */
export type Registration = {
  readonly webhook: Webhook
  /** Where the platform is to send. */
  readonly url: string
}

/** Registers where events of a provider for a client go, and makes the secrets both sides need. Admins only. */
export async function registerWebhook(
  viewer: Viewer,
  input: unknown,
  context: {
    readonly ports: Pick<GraphPorts, 'clients' | 'providers' | 'now'>
    readonly baseUrl: string
    readonly defaults: ClientSettings
  },
): Promise<Registration> {
  requireRole(viewer, 'admin')
  const wanted = parseInput(inputSchema, input)
  scopeClient(viewer, wanted.clientId)
  const { providers } = context.ports
  const adapter = providers.find(wanted.provider, wanted.profile)
  if (!providers.has(wanted.provider))
    throw new ApiError('BAD_USER_INPUT', `provider must be one of ${providers.names.join(', ')}`)
  if (adapter === undefined) throw new ApiError('BAD_USER_INPUT', `${wanted.provider} has no profile ${wanted.profile}`)
  if (wanted.platformApi && adapter.api === undefined)
    throw new ApiError('BAD_USER_INPUT', `${wanted.provider} sends whole orders: platformApi is not for it`)
  const at = context.ports.now().toISOString()
  const secretKey = wanted.secretKey ?? secret()
  const webhook: Webhook = {
    id: randomId('wh'),
    clientId: wanted.clientId,
    provider: wanted.provider,
    profile: wanted.profile,
    url: wanted.url,
    events: wanted.events,
    status: 'active',
    disabledReason: null,
    credentials: { secretKey, ...(adapter.usesApiKey && { apiKey: secret() }) },
    ...(wanted.platformApi && {
      platformApi: {
        clientId: wanted.platformApi.clientId,
        clientSecret: wanted.platformApi.clientSecret ?? secretKey,
      },
    }),
    signingSecret: `whsec_${randomBytes(32).toString('base64')}`,
    createdAt: at,
    updatedAt: at,
  }
  await changeClient(wanted.clientId, (client) => withWebhook(client, webhook, context.defaults), context.ports)
  return { webhook, url: `${context.baseUrl}/webhooks/${wanted.provider}/${wanted.clientId}` }
}

function withWebhook(client: Client | null, webhook: Webhook, defaults: ClientSettings): Client {
  const known = client ?? {
    clientId: webhook.clientId,
    version: 0,
    settings: defaults,
    webhooks: [],
  }
  if (known.webhooks.length >= MAX_WEBHOOKS_PER_CLIENT)
    throw new ApiError('CONFLICT', `A client has at most ${MAX_WEBHOOKS_PER_CLIENT} registrations`)
  return { ...known, webhooks: [...known.webhooks, webhook] }
}

function secret(): string {
  return randomBytes(32).toString('hex')
}

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}
