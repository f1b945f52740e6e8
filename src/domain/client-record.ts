import { z } from 'zod'
import type { Sealer } from '../lib/seal.js'
import { type Client, clientSettingsSchema } from './client.js'

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
    webhooks: client.webhooks.map(({ credentials, signingSecret, platformApi, clientId: _, events, ...webhook }) => ({
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
    })),
  }
}

/** Throws on a record that is not ours, or sealed with another key. */
export function decodeClient(record: unknown, sealer: Sealer): Client {
  const { clientId, version, settings, webhooks } = clientRecordSchema.parse(record)
  return {
    clientId,
    version,
    settings,
    webhooks: webhooks.map(({ sealedSecretKey, sealedApiKey, sealedSigningSecret, platformApi, ...webhook }) => ({
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
    })),
  }
}
