import type { Builder } from '../builder.js'
import { type Rotation, rotateSecret } from '../operations/rotate-secret.js'

const DAY_SECONDS = 86_400

/** `rotateSecret`. */
export function defineRotateSecret(builder: Builder): void {
  const payload = builder.objectRef<Rotation>('RotateSecretPayload').implement({
    description: 'The new secrets: shown only now',
    fields: (t) => ({
      webhookId: t.exposeID('webhookId'),
      secretKey: t.string({
        description: 'What the platform proves itself with',
        resolve: ({ credentials }) => credentials.secretKey,
      }),
      apiKey: t.string({
        nullable: true,
        description: 'Where the scheme has one beside the secret',
        resolve: ({ credentials }) => credentials.apiKey ?? null,
      }),
      signingSecret: t.exposeString('signingSecret', { description: 'Standard Webhooks secret of what we send' }),
      previousValidUntil: t.expose('previousValidUntil', {
        type: 'DateTime',
        description: 'Until then the old secrets are taken, and signed with, too',
      }),
    }),
  })
  builder.mutationFields((t) => ({
    rotateSecret: t.field({
      type: payload,
      description: 'New secrets for a registration, inbound and outbound; the old ones hold for `graceSeconds` more',
      args: {
        webhookId: t.arg.id({ required: true }),
        graceSeconds: t.arg.int({ defaultValue: DAY_SECONDS }),
        idempotencyKey: t.arg.string({ description: "The same key as the last rotation's gives that rotation" }),
      },
      resolve: (_, { webhookId, graceSeconds, idempotencyKey }, { viewer, ports }) =>
        rotateSecret(viewer, webhookId, { graceSeconds: graceSeconds ?? DAY_SECONDS, idempotencyKey }, ports),
    }),
  }))
}
