import type { Client, Webhook } from '../../domain/client.js'
import type { Log } from '../../domain/log.js'
import type { Builder, ObjectType } from '../builder.js'
import { pageOf } from '../cursor.js'
import { AGGREGATE_COST } from '../limits.js'
import { deleteWebhook, findWebhook, listWebhooks, updateWebhook } from '../operations/change-webhook.js'
import { findConfig, listClients, updateConfig } from '../operations/client-config.js'
import { type Registration, registerWebhook } from '../operations/register-webhook.js'
import { sendTestEvent } from '../operations/send-test-event.js'
import { withoutNulls } from '../operations/without-nulls.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'
import type { Enums } from './enums.js'

type Refs = {
  readonly enums: Enums
  readonly pageInfo: ReturnType<typeof definePageInfo>
  readonly log: ObjectType<Log>
}

/** Registrations and client configuration. */
export function defineWebhook(builder: Builder, { enums, pageInfo, log }: Refs): void {
  const webhook = builder.objectRef<Webhook>('Webhook').implement({
    description:
      'A registration: events of one provider for one client go to `url`. Its secrets are shown once, when it is made',
    fields: (t) => ({
      id: t.exposeID('id'),
      clientId: t.exposeID('clientId'),
      provider: t.expose('provider', { type: enums.ProviderName }),
      profile: t.expose('profile', { type: enums.Profile }),
      url: t.exposeString('url'),
      receiveUrl: t.string({
        description: 'Where the platform is to send',
        resolve: ({ provider, clientId }, _, { baseUrl }) => `${baseUrl}/webhooks/${provider}/${clientId}`,
      }),
      events: t.exposeStringList('events'),
      status: t.expose('status', { type: enums.WebhookStatus }),
      disabledReason: t.exposeString('disabledReason', { nullable: true }),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    }),
  })
  builder.queryFields((t) => ({
    webhook: t.field({
      type: webhook,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => findWebhook(viewer, id, ports),
    }),
    webhooks: t.field({
      type: [webhook],
      args: { clientId: t.arg.id(), provider: t.arg({ type: enums.ProviderName }) },
      description: 'By client id, at most 500; `clients` has all of them page by page',
      resolve: async (_, args, { viewer, ports, budget }) => {
        budget.charge(AGGREGATE_COST)
        return [...(await listWebhooks(viewer, withoutNulls(args), ports))]
      },
    }),
  }))
  defineRegister(builder, enums, webhook)
  defineChanges(builder, { enums, webhook, log })
  const config = defineConfig(builder, webhook)
  defineClients(builder, pageInfo, config)
}

function defineRegister(builder: Builder, enums: Enums, webhook: ObjectType<Webhook>): void {
  const payload = builder.objectRef<Registration>('RegisterWebhookPayload').implement({
    fields: (t) => ({
      webhook: t.expose('webhook', { type: webhook }),
      url: t.exposeString('url', { description: 'Where the platform is to send' }),
      secretKey: t.string({
        description: 'What the platform proves itself with; shown only now',
        resolve: (made) => made.webhook.credentials.secretKey,
      }),
      apiKey: t.string({
        nullable: true,
        description: 'Where the scheme has one beside the secret; shown only now',
        resolve: (made) => made.webhook.credentials.apiKey ?? null,
      }),
      signingSecret: t.string({
        description: 'Standard Webhooks secret of what we send; shown only now',
        resolve: (made) => made.webhook.signingSecret,
      }),
    }),
  })
  const platformApi = builder.inputType('PlatformApiInput', {
    description: "OAuth client credentials at the platform's own API",
    fields: (t) => ({
      clientId: t.string({ required: true }),
      clientSecret: t.string({ description: 'The `secretKey` where left out' }),
    }),
  })
  const input = builder.inputType('RegisterWebhookInput', {
    fields: (t) => ({
      clientId: t.id({ required: true }),
      provider: t.field({ type: enums.ProviderName, required: true }),
      profile: t.field({ type: enums.Profile, required: true, defaultValue: 'spec' }),
      url: t.string({ required: true }),
      events: t.stringList({ required: true }),
      secretKey: t.string(),
      platformApi: t.field({ type: platformApi, description: 'For platforms whose events only name the order' }),
      idempotencyKey: t.string({ description: 'The same key gives the registration it made' }),
    }),
  })
  builder.mutationFields((t) => ({
    registerWebhook: t.field({
      type: payload,
      args: { input: t.arg({ type: input, required: true }) },
      resolve: (_, { input }, { viewer, ports, baseUrl, defaults }) =>
        registerWebhook(viewer, withoutNulls(input), { ports, baseUrl, defaults }),
    }),
  }))
}

function defineChanges(
  builder: Builder,
  {
    enums,
    webhook,
    log,
  }: { readonly enums: Enums; readonly webhook: ObjectType<Webhook>; readonly log: ObjectType<Log> },
): void {
  const limits = builder.inputType('DeliveryLimitsInput', {
    description: 'What the endpoint may be asked at most',
    fields: (t) => ({
      timeoutMs: t.int({ description: 'Of an attempt; WEBHOOK_TIMEOUT where left out' }),
      concurrency: t.int({ description: 'Attempts at once; 16 where left out' }),
      ratePerSecond: t.float({ description: 'Attempts a second; unbounded where left out' }),
    }),
  })
  const input = builder.inputType('UpdateWebhookInput', {
    fields: (t) => ({
      url: t.string(),
      events: t.stringList(),
      status: t.field({ type: enums.WebhookStatus }),
      delivery: t.field({ type: limits, description: 'Replaces what is set' }),
    }),
  })
  const id = { required: true } as const
  builder.mutationFields((t) => ({
    updateWebhook: t.field({
      type: webhook,
      description: 'Changes what the input names',
      args: { id: t.arg.id(id), input: t.arg({ type: input, required: true }) },
      resolve: (_, args, { viewer, ports }) => {
        const { delivery, ...given } = args.input
        const wanted = { ...withoutNulls(given), ...(delivery && { delivery: withoutNulls(delivery) }) }
        return updateWebhook(viewer, args.id, wanted, ports)
      },
    }),
    deleteWebhook: t.boolean({
      description: 'Takes a registration away; what is queued for it is given up',
      args: { id: t.arg.id(id) },
      resolve: async (_, args, { viewer, ports }) => {
        await deleteWebhook(viewer, args.id, ports)
        return true
      },
    }),
    sendTestEvent: t.field({
      type: log,
      description: 'Sends a made-up order (`isTest`) to one registration',
      args: {
        webhookId: t.arg.id(id),
        idempotencyKey: t.arg.string({ description: 'The same key gives the same event' }),
      },
      resolve: (_, { webhookId, idempotencyKey }, { viewer, ports }) =>
        sendTestEvent(viewer, webhookId, idempotencyKey, ports),
    }),
  }))
}

/** `clients`: what `config` gives of one, page by page. */
function defineClients(builder: Builder, pageInfo: Refs['pageInfo'], config: ObjectType<Client>): void {
  const connection = defineConnection(builder, pageInfo, {
    name: 'ClientConfig',
    list: 'client',
    node: config,
    positionOf: ({ clientId }) => ({ at: NO_TIME, id: clientId }),
  })
  builder.queryFields((t) => ({
    clients: t.field({
      type: connection,
      description: 'By client id',
      args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const page = pageOf('client', args)
        budget.charge(page.limit)
        const { total, ...listed } = await listClients(viewer, page, ports)
        return connectionOf(page, listed, total)
      },
    }),
  }))
}

/** Clients are listed by id alone. */
const NO_TIME = new Date(0).toISOString()

function defineConfig(builder: Builder, webhook: ObjectType<Webhook>): ObjectType<Client> {
  type Settings = Client['settings']
  const retryPolicy = builder.objectRef<Settings['retryPolicy']>('RetryPolicy').implement({
    fields: (t) => ({
      mode: t.exposeString('mode', {
        description: 'fixed: by the list; deadline: an order is tried until its acceptBy',
      }),
      maxRetries: t.exposeInt('maxRetries'),
      retryDelays: t.exposeIntList('retryDelays', { description: 'Milliseconds before retry 1, 2, …' }),
      exponentialBackoff: t.exposeBoolean('exponentialBackoff', {
        description: 'Past the list, whether its last delay doubles',
      }),
    }),
  })
  const rateLimiting = builder.objectRef<Settings['security']['rateLimiting']>('RateLimiting').implement({
    fields: (t) => ({
      enabled: t.exposeBoolean('enabled'),
      maxRequests: t.exposeInt('maxRequests'),
      windowMs: t.exposeInt('windowMs'),
      skipSuccessfulRequests: t.exposeBoolean('skipSuccessfulRequests'),
      skipFailedRequests: t.exposeBoolean('skipFailedRequests'),
    }),
  })
  const security = builder.objectRef<Settings['security']>('Security').implement({
    fields: (t) => ({
      signatureValidation: t.exposeBoolean('signatureValidation'),
      ipWhitelist: t.exposeStringList('ipWhitelist'),
      rateLimiting: t.expose('rateLimiting', { type: rateLimiting }),
    }),
  })
  const config = builder.objectRef<Client>('ClientConfig').implement({
    fields: (t) => ({
      clientId: t.exposeID('clientId'),
      webhooks: t.field({ type: [webhook], resolve: ({ webhooks }) => [...webhooks] }),
      retryPolicy: t.field({ type: retryPolicy, resolve: ({ settings }) => settings.retryPolicy }),
      security: t.field({ type: security, resolve: ({ settings }) => settings.security }),
    }),
  })
  builder.queryFields((t) => ({
    config: t.field({
      type: config,
      args: { clientId: t.arg.id({ required: true }) },
      resolve: (_, { clientId }, { viewer, ports }) => findConfig(viewer, clientId, ports),
    }),
  }))
  builder.mutationFields((t) => ({
    updateConfig: t.field({
      type: config,
      description: 'Merges deeply into what is set; answers the whole',
      args: { clientId: t.arg.id({ required: true }), input: t.arg({ type: configInput(builder), required: true }) },
      resolve: (_, { clientId, input }, { viewer, ports }) => updateConfig(viewer, clientId, input, ports),
    }),
  }))
  return config
}

function configInput(builder: Builder) {
  const retryPolicy = builder.inputType('RetryPolicyInput', {
    fields: (t) => ({
      mode: t.string(),
      maxRetries: t.int(),
      retryDelays: t.intList(),
      exponentialBackoff: t.boolean(),
    }),
  })
  const rateLimiting = builder.inputType('RateLimitingInput', {
    fields: (t) => ({
      enabled: t.boolean(),
      maxRequests: t.int(),
      windowMs: t.int(),
      skipSuccessfulRequests: t.boolean(),
      skipFailedRequests: t.boolean(),
    }),
  })
  const security = builder.inputType('SecurityInput', {
    fields: (t) => ({
      signatureValidation: t.boolean(),
      ipWhitelist: t.stringList(),
      rateLimiting: t.field({ type: rateLimiting }),
    }),
  })
  return builder.inputType('ClientConfigInput', {
    fields: (t) => ({ retryPolicy: t.field({ type: retryPolicy }), security: t.field({ type: security }) }),
  })
}
