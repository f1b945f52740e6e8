import type { Client } from '../domain/client.js'

/** Every client's registrations and settings in memory, as the CONFIG bucket last told: the hot path reads no database. */
export type ClientDirectory = {
  find(clientId: string): Client | undefined
  /** Takes a client in unless a newer version is already known. */
  put(client: Client): void
  remove(clientId: string): void
  list(): readonly Client[]
  size(): number
  ids(): readonly string[]
}

export function createClientDirectory(): ClientDirectory {
  const clients = new Map<string, Client>()
  return {
    find: (clientId) => clients.get(clientId),
    put: (client) => {
      const known = clients.get(client.clientId)
      if (known === undefined || client.version >= known.version) clients.set(client.clientId, client)
    },
    remove: (clientId) => {
      clients.delete(clientId)
    },
    list: () => [...clients.values()],
    size: () => clients.size,
    ids: () => [...clients.keys()],
  }
}
