import type { Client, Webhook } from '../../domain/client.js'
import { ownedBy, scopeClient } from '../auth.js'
import type { Builder, ObjectType } from '../builder.js'
import { findConfig, updateConfig } from '../operations/client-config.js'
import { type Registration, registerWebhook } from '../operations/register-webhook.js'
import type { Enums } from './enums.js'

/** Registrations and client configuration. */
export function defineWebhook(builder: Builder, enums: Enums): void {
  const webhook = builder.objectRef<Webhook>('Webhook').implement({
    description:
      'A registration: events of one provider for one client go to `url`. Its secrets are shown once, when it is made',
    fields: (t) => ({
      id: t.exposeID('id'),
      clientId: t.exposeID('clientId'),
      provider: t.expose('provider', { type: enums.ProviderName }),
      profile: t.expose('profile', { type: enums.Profile }),
      url: t.exposeString('url'),
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
      resolve: async (_, { id }, { viewer, ports }) =>
        ownedBy(viewer, await ports.clients.findWebhook(String(id)), 'webhook'),
    }),
    webhooks: t.field({
      type: [webhook],
      args: { clientId: t.arg.id(), provider: t.arg({ type: enums.ProviderName }) },
      resolve: async (_, args, { viewer, ports }) => {
        const clientId = scopeClient(viewer, args.clientId ?? undefined)
        const { provider } = args
        const clients = await ports.clients.listClients({
          ...(clientId !== undefined && { clientId }),
          ...(provider && { provider }),
        })
        return clients.flatMap(({ webhooks }) => webhooks).filter((each) => !provider || each.provider === provider)
      },
    }),
  }))
  defineRegister(builder, enums, webhook)
  defineConfig(builder, webhook)
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
    }),
  })
  builder.mutationFields((t) => ({
    registerWebhook: t.field({
      type: payload,
      args: { input: t.arg({ type: input, required: true }) },
      resolve: (_, args, { viewer, ports, baseUrl, defaults }) => {
        const { secretKey, ...wanted } = args.input
        return registerWebhook(
          viewer,
          { ...wanted, ...(secretKey != null && { secretKey }) },
          { ports, baseUrl, defaults },
        )
      },
    }),
  }))
}

function defineConfig(builder: Builder, webhook: ObjectType<Webhook>): void {
  type Settings = Client['settings']
  const retryPolicy = builder.objectRef<Settings['retryPolicy']>('RetryPolicy').implement({
    fields: (t) => ({
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
      resolve: (_, { clientId }, { viewer, ports }) => findConfig(viewer, String(clientId), ports),
    }),
  }))
  builder.mutationFields((t) => ({
    updateConfig: t.field({
      type: config,
      description: 'Merges deeply into what is set; answers the whole',
      args: { clientId: t.arg.id({ required: true }), input: t.arg({ type: configInput(builder), required: true }) },
      resolve: (_, { clientId, input }, { viewer, ports }) => updateConfig(viewer, String(clientId), input, ports),
    }),
  }))
}

function configInput(builder: Builder) {
  const retryPolicy = builder.inputType('RetryPolicyInput', {
    fields: (t) => ({ maxRetries: t.int(), retryDelays: t.intList(), exponentialBackoff: t.boolean() }),
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
