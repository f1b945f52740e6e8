import { z } from 'zod'
import { type Client, deliveryLimitsSchema, type Webhook } from '../../domain/client.js'
import type { ProviderName } from '../../domain/provider.js'
import { type Caller, ownedBy, requireRole, scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { audit } from './audit.js'
import { parseInput } from './parse-input.js'
import { changeClient } from './save-client.js'
import { webhookEventsSchema, webhookUrlSchema } from './webhook-input.js'

const updateSchema = z.object({
  url: webhookUrlSchema.optional(),
  events: webhookEventsSchema.optional(),
  status: z.enum(['active', 'disabled']).optional(),
  delivery: deliveryLimitsSchema.optional(),
})

type Ports = Pick<GraphPorts, 'clients' | 'audit' | 'now'>

export async function findWebhook(
  viewer: Viewer,
  id: string,
  { clients }: Pick<GraphPorts, 'clients'>,
): Promise<Webhook> {
  return ownedBy(viewer, await clients.findWebhook(id), 'webhook')
}

/** What `webhooks` answers at most; `clients` has all of them, page by page. */
export const MAX_LISTED_WEBHOOKS = 500

/** Registrations a caller may see, by client id. */
export async function listWebhooks(
  viewer: Viewer,
  filter: { readonly clientId?: string; readonly provider?: ProviderName },
  { clients }: Pick<GraphPorts, 'clients'>,
): Promise<readonly Webhook[]> {
  const clientId = scopeClient(viewer, filter.clientId)
  const found = await clients.listClients(
    { ...filter, ...(clientId !== undefined && { clientId }) },
    MAX_LISTED_WEBHOOKS,
  )
  return found
    .flatMap(({ webhooks }) => webhooks)
    .filter(({ provider }) => filter.provider === undefined || provider === filter.provider)
    .slice(0, MAX_LISTED_WEBHOOKS)
}

/** Changes what the input names of a registration; enabling it again forgets why it was disabled. Admins only. */
export async function updateWebhook(viewer: Caller, id: string, input: unknown, ports: Ports): Promise<Webhook> {
  requireRole(viewer, 'admin')
  const wanted = parseInput<z.output<typeof updateSchema>>(updateSchema, input)
  const { clientId } = await findWebhook(viewer, id, ports)
  const changed = await changeClient(
    clientId,
    (client) => replaced(client, id, (known) => merged(known, wanted, ports)),
    ports,
  )
  await audit(viewer, { action: 'updateWebhook', targetId: id, clientId, changes: wanted }, ports)
  return ownedBy(viewer, changed.webhooks.find((webhook) => webhook.id === id) ?? null, 'webhook')
}

function merged(known: Webhook, wanted: z.output<typeof updateSchema>, { now }: Ports): Webhook {
  const status = wanted.status ?? known.status
  return {
    ...known,
    url: wanted.url ?? known.url,
    events: wanted.events ?? known.events,
    ...(wanted.delivery && { delivery: wanted.delivery }),
    status,
    disabledReason:
      status === 'active' ? null : known.status === 'active' ? 'Disabled by an admin' : known.disabledReason,
    updatedAt: now().toISOString(),
  }
}

/** Takes a registration away: what is queued for it is given up as `webhook_deleted`. Admins only. */
export async function deleteWebhook(viewer: Caller, id: string, ports: Ports): Promise<void> {
  requireRole(viewer, 'admin')
  const { clientId, provider, url } = await findWebhook(viewer, id, ports)
  await changeClient(clientId, (client) => replaced(client, id, () => null), ports)
  await audit(viewer, { action: 'deleteWebhook', targetId: id, clientId, changes: { provider, url } }, ports)
}

function replaced(client: Client | null, id: string, change: (webhook: Webhook) => Webhook | null): Client {
  if (client === null || !client.webhooks.some((webhook) => webhook.id === id))
    throw new ApiError('NOT_FOUND', 'No such webhook')
  return { ...client, webhooks: client.webhooks.flatMap((each) => (each.id === id ? (change(each) ?? []) : [each])) }
}
