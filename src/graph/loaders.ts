import DataLoader from 'dataloader'
import type { Client } from '../domain/client.js'
import type { Log } from '../domain/log.js'
import type { GraphPorts, OrderRecord } from './ports.js'

/**
 * What the fields of one operation ask for by id, gathered into one read for each kind. Nothing is remembered: a
 * subscription lives for hours, and each of its events is to show what is so now.
 */
export type Loaders = {
  readonly logs: DataLoader<string, Log | null>
  readonly orders: DataLoader<string, OrderRecord | null>
  readonly clients: DataLoader<string, Client | null>
}

export function createLoaders({ logs, orders, clients }: Pick<GraphPorts, 'logs' | 'orders' | 'clients'>): Loaders {
  return {
    logs: byId(
      (ids) => logs.findLogs(ids),
      ({ id }) => id,
    ),
    orders: byId(
      (ids) => orders.findOrders(ids),
      ({ order }) => order.id,
    ),
    clients: byId(
      (ids) => clients.findClients(ids),
      ({ clientId }) => clientId,
    ),
  }
}

function byId<T>(
  read: (ids: readonly string[]) => Promise<readonly T[]>,
  idOf: (found: T) => string,
): DataLoader<string, T | null> {
  return new DataLoader(
    async (ids) => {
      const found = new Map((await read([...new Set(ids)])).map((each) => [idOf(each), each]))
      return ids.map((id) => found.get(id) ?? null)
    },
    { cache: false },
  )
}
