import { randomBytes } from 'node:crypto'
import type { InboundCredentials, Webhook } from '../../domain/client.js'
import { type Caller, ownedBy, requireRole } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { audit } from './audit.js'
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
 * signed with either are taken, and deliveries carry a signature by each. Admins only.
 */
export async function rotateSecret(
  viewer: Caller,
  webhookId: string,
  graceSeconds: number,
  ports: Pick<GraphPorts, 'clients' | 'audit' | 'now'>,
): Promise<Rotation> {
  requireRole(viewer, 'admin')
  if (!Number.isInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS)
    throw new ApiError('BAD_USER_INPUT', `graceSeconds must be 0 to ${MAX_GRACE_SECONDS}`)
  const { clientId } = ownedBy(viewer, await ports.clients.findWebhook(webhookId), 'webhook')
  const now = ports.now()
  const previousValidUntil = new Date(now.getTime() + graceSeconds * 1_000).toISOString()
  const fresh = { secretKey: secret(), apiKey: secret(), signingSecret: `whsec_${randomBytes(32).toString('base64')}` }
  const changed = await changeClient(
    clientId,
    (client) => {
      if (client === null) throw new ApiError('NOT_FOUND', 'No such webhook')
      return {
        ...client,
        webhooks: client.webhooks.map((each) =>
          each.id === webhookId ? rotated(each, fresh, { previousValidUntil, at: now.toISOString() }) : each,
        ),
      }
    },
    ports,
  )
  await audit(viewer, { action: 'rotateSecret', targetId: webhookId, clientId, changes: { graceSeconds } }, ports)
  const { credentials, signingSecret } = ownedBy(
    viewer,
    changed.webhooks.find(({ id }) => id === webhookId) ?? null,
    'webhook',
  )
  return { webhookId, credentials, signingSecret, previousValidUntil }
}

function rotated(
  webhook: Webhook,
  fresh: { readonly secretKey: string; readonly apiKey: string; readonly signingSecret: string },
  { previousValidUntil, at }: { readonly previousValidUntil: string; readonly at: string },
): Webhook {
  const { credentials, signingSecret } = webhook
  return {
    ...webhook,
    credentials: { secretKey: fresh.secretKey, ...(credentials.apiKey !== undefined && { apiKey: fresh.apiKey }) },
    signingSecret: fresh.signingSecret,
    previous: { credentials, signingSecret, validUntil: previousValidUntil },
    updatedAt: at,
  }
}

function secret(): string {
  return randomBytes(32).toString('hex')
}
