import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Client, ClientSettings, Webhook } from '../../domain/client.js'
import { CLIENT_ID_PATTERN, randomId } from '../../domain/ids.js'
import { PROFILES } from '../../domain/provider.js'
import { type Caller, requireRole, scopeClient } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { audit } from './audit.js'
import { checkIdempotencyKey, idOfKey } from './idempotency.js'
import { parseInput } from './parse-input.js'
import { changeClient } from './save-client.js'
import { webhookEventsSchema, webhookUrlSchema } from './webhook-input.js'

const MAX_WEBHOOKS_PER_CLIENT = 100

/** What a registration asks for, by REST and GraphQL alike. */
export const registerInputSchema = z.object({
  clientId: z
    .string()
    .regex(CLIENT_ID_PATTERN, 'must be 1–64 letters, digits, _ or -, starting with a letter or digit'),
  provider: z.string(),
  profile: z.enum(PROFILES).default('spec'),
  url: webhookUrlSchema,
  events: webhookEventsSchema,
  idempotencyKey: z.string().nullish(),
  secretKey: z.string().min(8, 'must be at least 8 characters').max(256).nullish(),
  /** The secret is the `secretKey` where it is left out: Uber signs with its client secret. */
  platformApi: z
    .object({
      clientId: z.string().min(1, 'must not be empty').max(256),
      clientSecret: z.string().min(1).max(512).nullish(),
    })
    .nullish(),
})

/** What a new registration answers: the only time its secrets are shown. */
export type Registration = {
  readonly webhook: Webhook
  /** Where the platform is to send. */
  readonly url: string
}

/**
 * Registers where events of a provider for a client go, and makes the secrets both sides need. Admins only. The same
 * `idempotencyKey` gives the registration it made, and CONFLICT where it is asked to be another.
 */
export async function registerWebhook(
  viewer: Caller,
  input: unknown,
  context: {
    readonly ports: Pick<GraphPorts, 'clients' | 'providers' | 'audit' | 'now'>
    readonly baseUrl: string
    readonly defaults: ClientSettings
  },
): Promise<Registration> {
  requireRole(viewer, 'admin')
  const wanted = parseInput<z.output<typeof registerInputSchema>>(registerInputSchema, input)
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
    id: webhookId(viewer, wanted),
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
  const url = `${context.baseUrl}/webhooks/${wanted.provider}/${wanted.clientId}`
  const known = await findMade(webhook, wanted, context.ports)
  if (known !== null) return { webhook: known, url }
  await changeClient(wanted.clientId, (client) => withWebhook(client, webhook, context.defaults), context.ports)
  const changes = { provider: webhook.provider, profile: webhook.profile, url: webhook.url, events: webhook.events }
  await audit(
    viewer,
    { action: 'registerWebhook', targetId: webhook.id, clientId: webhook.clientId, changes },
    context.ports,
  )
  return { webhook, url }
}

function webhookId(viewer: Caller, { clientId, idempotencyKey }: z.output<typeof registerInputSchema>): string {
  if (idempotencyKey == null) return randomId('wh')
  return idOfKey('wh', viewer, `${clientId} ${checkIdempotencyKey(idempotencyKey)}`)
}

/** What an earlier call with the same key made; null where this is the first. */
async function findMade(
  webhook: Webhook,
  { idempotencyKey }: z.output<typeof registerInputSchema>,
  { clients }: Pick<GraphPorts, 'clients'>,
): Promise<Webhook | null> {
  if (idempotencyKey == null) return null
  const known = (await clients.findClient(webhook.clientId))?.webhooks.find(({ id }) => id === webhook.id)
  if (known === undefined) return null
  const essence = ({ provider, profile, url, events }: Webhook): string =>
    JSON.stringify([provider, profile, url, events])
  if (essence(known) !== essence(webhook))
    throw new ApiError('CONFLICT', 'This idempotencyKey was used for another registration')
  return known
}

function withWebhook(client: Client | null, webhook: Webhook, defaults: ClientSettings): Client {
  const known = client ?? {
    clientId: webhook.clientId,
    version: 0,
    settings: defaults,
    webhooks: [],
  }
  if (known.webhooks.some(({ id }) => id === webhook.id))
    throw new ApiError('CONFLICT', 'The same request is being carried out; ask again')
  if (known.webhooks.length >= MAX_WEBHOOKS_PER_CLIENT)
    throw new ApiError('CONFLICT', `A client has at most ${MAX_WEBHOOKS_PER_CLIENT} registrations`)
  return { ...known, webhooks: [...known.webhooks, webhook] }
}

function secret(): string {
  return randomBytes(32).toString('hex')
}
