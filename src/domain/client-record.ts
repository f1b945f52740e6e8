import { z } from 'zod'
import type { Sealer } from '../lib/seal.js'
import { type Client, clientSettingsSchema, deliveryLimitsSchema, type Webhook } from './client.js'

/** A client as it is stored and distributed: everything in clear but the secrets, which are sealed for their webhook. */
const clientRecordSchema = z.object({
  v: z.literal(1),
  clientId: z.string(),
  version: z.int(),
  settings: clientSettingsSchema,
  webhooks: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      profile: z.enum(['spec', 'live']),
      url: z.string(),
      events: z.array(z.string()),
      status: z.enum(['active', 'disabled']),
      disabledReason: z.string().nullable(),
      sealedSecretKey: z.string(),
      sealedApiKey: z.string().nullable(),
      sealedSigningSecret: z.string(),
      platformApi: z.object({ clientId: z.string(), sealedClientSecret: z.string() }).optional(),
      delivery: deliveryLimitsSchema.optional(),
      /** The secrets before the last rotation. */
      previous: z
        .object({ sealedSecrets: z.string(), validUntil: z.string(), rotationId: z.string().exactOptional() })
        .optional(),
      createdAt: z.string(),
      updatedAt: z.string(),
    }),
  ),
})
export type ClientRecord = z.infer<typeof clientRecordSchema>

export function encodeClient(client: Client, sealer: Sealer): ClientRecord {
  return {
    v: 1,
    clientId: client.clientId,
    version: client.version,
    settings: client.settings,
    webhooks: client.webhooks.map(
      ({ credentials, signingSecret, platformApi, previous, clientId: _, events, ...webhook }) => ({
        ...webhook,
        events: [...events],
        sealedSecretKey: sealer.seal(credentials.secretKey, `${webhook.id}/secretKey`),
        sealedApiKey: credentials.apiKey === undefined ? null : sealer.seal(credentials.apiKey, `${webhook.id}/apiKey`),
        sealedSigningSecret: sealer.seal(signingSecret, `${webhook.id}/signingSecret`),
        ...(platformApi && {
          platformApi: {
            clientId: platformApi.clientId,
            sealedClientSecret: sealer.seal(platformApi.clientSecret, `${webhook.id}/platformApi`),
          },
        }),
        ...(previous && { previous: sealPrevious(webhook.id, previous, sealer) }),
      }),
    ),
  }
}

const previousSecretsSchema = z.object({
  credentials: z.object({ secretKey: z.string(), apiKey: z.string().exactOptional() }),
  signingSecret: z.string(),
})

function sealPrevious(webhookId: string, previous: NonNullable<Webhook['previous']>, sealer: Sealer) {
  const { credentials, signingSecret, ...rest } = previous
  const sealedSecrets = sealer.seal(JSON.stringify({ credentials, signingSecret }), `${webhookId}/previous`)
  return { ...rest, sealedSecrets }
}

/** Throws on a record that is not ours, or sealed with another key. */
export function decodeClient(record: unknown, sealer: Sealer): Client {
  const { clientId, version, settings, webhooks } = clientRecordSchema.parse(record)
  return {
    clientId,
    version,
    settings,
    webhooks: webhooks.map(
      ({ sealedSecretKey, sealedApiKey, sealedSigningSecret, platformApi, delivery, previous, ...webhook }) => ({
        ...webhook,
        clientId,
        credentials: {
          secretKey: sealer.open(sealedSecretKey, `${webhook.id}/secretKey`),
          ...(sealedApiKey === null ? {} : { apiKey: sealer.open(sealedApiKey, `${webhook.id}/apiKey`) }),
        },
        signingSecret: sealer.open(sealedSigningSecret, `${webhook.id}/signingSecret`),
        ...(platformApi && {
          platformApi: {
            clientId: platformApi.clientId,
            clientSecret: sealer.open(platformApi.sealedClientSecret, `${webhook.id}/platformApi`),
          },
        }),
        ...(delivery && { delivery }),
        ...(previous && {
          previous: {
            ...previousSecretsSchema.parse(JSON.parse(sealer.open(previous.sealedSecrets, `${webhook.id}/previous`))),
            validUntil: previous.validUntil,
            ...(previous.rotationId !== undefined && { rotationId: previous.rotationId }),
          },
        }),
      }),
    ),
  }
}
