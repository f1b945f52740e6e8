import type { Client } from '../../domain/client.js'
import { clientSettingsSchema } from '../../domain/client.js'
import { type Caller, ownedBy, requireRole, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts, Listed, Page } from '../ports.js'
import { audit } from './audit.js'
import { parseInput } from './parse-input.js'
import { changeClient } from './save-client.js'

/** A client with its settings and registrations. */
export async function findConfig(
  viewer: Viewer,
  clientId: string,
  { clients }: Pick<GraphPorts, 'clients'>,
): Promise<Client> {
  ownedBy(viewer, { clientId }, 'client')
  return ownedBy(viewer, await clients.findClient(clientId), 'client')
}

/** A page of the clients this caller may see, by id. */
export async function listClients(
  viewer: Viewer,
  { limit, after }: Page,
  { clients }: Pick<GraphPorts, 'clients'>,
): Promise<Listed<Client> & { total(): Promise<number> }> {
  if (viewer.client === undefined)
    return {
      ...(await clients.listClientPage({ limit, ...(after && { after: after.id }) })),
      total: () => clients.countClients(),
    }
  const own = await clients.findClient(viewer.client)
  const isAfter = after === undefined || viewer.client > after.id
  return { items: own !== null && isAfter ? [own] : [], hasMore: false, total: async () => (own === null ? 0 : 1) }
}

/** Merges a part of the settings deeply into what is set, and answers the whole. Admins only. */
export async function updateConfig(
  viewer: Caller,
  clientId: string,
  patch: unknown,
  ports: Pick<GraphPorts, 'clients' | 'audit' | 'now'>,
): Promise<Client> {
  requireRole(viewer, 'admin')
  ownedBy(viewer, { clientId }, 'client')
  const changed = await changeClient(
    clientId,
    (client) => {
      if (client === null) throw new ApiError('NOT_FOUND', 'No such client')
      return { ...client, settings: parseInput(clientSettingsSchema, mergeDeep(client.settings, patch)) }
    },
    ports,
  )
  await audit(viewer, { action: 'updateConfig', targetId: clientId, clientId, changes: patch }, ports)
  return changed
}

/** Objects are merged key by key; anything else, lists too, replaces. Null and undefined leave what is there. */
function mergeDeep(base: unknown, patch: unknown): unknown {
  if (patch === undefined || patch === null) return base
  if (!isObject(base) || !isObject(patch)) return patch
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(patch)) merged.set(key, mergeDeep(merged.get(key), value))
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
