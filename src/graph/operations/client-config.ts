import type { Client } from '../../domain/client.js'
import { clientSettingsSchema } from '../../domain/client.js'
import { ownedBy, requireRole, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
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

/** Merges a part of the settings deeply into what is set, and answers the whole. Admins only. */
export async function updateConfig(
  viewer: Viewer,
  clientId: string,
  patch: unknown,
  ports: Pick<GraphPorts, 'clients'>,
): Promise<Client> {
  requireRole(viewer, 'admin')
  ownedBy(viewer, { clientId }, 'client')
  return changeClient(
    clientId,
    (client) => {
      if (client === null) throw new ApiError('NOT_FOUND', 'No such client')
      return { ...client, settings: parseInput(clientSettingsSchema, mergeDeep(client.settings, patch)) }
    },
    ports,
  )
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
