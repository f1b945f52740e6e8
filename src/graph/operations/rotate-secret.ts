import { randomBytes } from 'node:crypto'
import type { InboundCredentials, Webhook } from '../../domain/client.js'
import { type Caller, ownedBy, requireRole } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { audit } from './audit.js'
import { checkIdempotencyKey, idOfKey } from './idempotency.js'
import { changeClient } from './save-client.js'

export const MAX_GRACE_SECONDS = 30 * 86_400

/** The new secrets, shown only now, and until when the old ones are still taken and signed with. */
export type Rotation = {
  readonly webhookId: string
  readonly credentials: InboundCredentials
  readonly signingSecret: string
  readonly previousValidUntil: string
}

/**
 * Gives a registration new secrets, inbound and outbound. Until `graceSeconds` have passed the old ones hold too: requests
 * signed with either are taken, and deliveries carry a signature by each. Admins only. The same `idempotencyKey` as the
 * last rotation's is that rotation: asked again, nothing is taken from whoever still uses the secrets before it.
 */
export async function rotateSecret(
  viewer: Caller,
  webhookId: string,
  {
    graceSeconds,
    idempotencyKey,
  }: { readonly graceSeconds: number; readonly idempotencyKey?: string | null | undefined },
  ports: Pick<GraphPorts, 'clients' | 'audit' | 'now'>,
): Promise<Rotation> {
  requireRole(viewer, 'admin')
  if (!Number.isInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS)
    throw new ApiError('BAD_USER_INPUT', `graceSeconds must be 0 to ${MAX_GRACE_SECONDS}`)
  const known = ownedBy(viewer, await ports.clients.findWebhook(webhookId), 'webhook')
  const { clientId } = known
  const rotationId =
    idempotencyKey == null ? undefined : idOfKey('rot', viewer, `${webhookId} ${checkIdempotencyKey(idempotencyKey)}`)
  if (rotationId !== undefined && known.previous?.rotationId === rotationId) return rotationOf(known, known.previous)
  const now = ports.now()
  const validUntil = new Date(now.getTime() + graceSeconds * 1_000).toISOString()
  const fresh = { secretKey: secret(), apiKey: secret(), signingSecret: `whsec_${randomBytes(32).toString('base64')}` }
  const changed = await changeClient(
    clientId,
    (client) => {
      if (client === null) throw new ApiError('NOT_FOUND', 'No such webhook')
      return {
        ...client,
        webhooks: client.webhooks.map((each) =>
          each.id === webhookId
            ? rotated(each, fresh, { validUntil, at: now.toISOString(), ...(rotationId && { rotationId }) })
            : each,
        ),
      }
    },
    ports,
  )
  await audit(viewer, { action: 'rotateSecret', targetId: webhookId, clientId, changes: { graceSeconds } }, ports)
  const webhook = ownedBy(viewer, changed.webhooks.find(({ id }) => id === webhookId) ?? null, 'webhook')
  return rotationOf(webhook, { validUntil })
}

function rotationOf(
  { id: webhookId, credentials, signingSecret }: Webhook,
  { validUntil: previousValidUntil }: { readonly validUntil: string },
): Rotation {
  return { webhookId, credentials, signingSecret, previousValidUntil }
}

function rotated(
  webhook: Webhook,
  fresh: { readonly secretKey: string; readonly apiKey: string; readonly signingSecret: string },
  { at, ...ends }: { readonly validUntil: string; readonly rotationId?: string; readonly at: string },
): Webhook {
  const { credentials, signingSecret } = webhook
  return {
    ...webhook,
    credentials: { secretKey: fresh.secretKey, ...(credentials.apiKey !== undefined && { apiKey: fresh.apiKey }) },
    signingSecret: fresh.signingSecret,
    previous: { credentials, signingSecret, ...ends },
    updatedAt: at,
  }
}

function secret(): string {
  return randomBytes(32).toString('hex')
}
