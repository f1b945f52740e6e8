import type { Db, Filter } from 'mongodb'
import type { Client } from '../domain/client.js'
import { type ClientRecord, decodeClient, encodeClient } from '../domain/client-record.js'
import type { ClientStore } from '../graph/ports.js'
import type { Sealer } from '../lib/seal.js'
import { isDuplicateKey } from './duplicate-key.js'

type StoredClient = ClientRecord & { readonly _id: string }

/** Clients with their registrations: one document each, replaced whole, secrets sealed. */
export function createClientStore(db: Db, sealer: Sealer): ClientStore {
  const clients = db.collection<StoredClient>('clients')
  const open = (stored: StoredClient): Client => decodeClient(stored, sealer)
  return {
    findClient: async (clientId) => {
      const stored = await clients.findOne({ _id: clientId })
      return stored === null ? null : open(stored)
    },
    findClients: async (clientIds) => (await clients.find({ _id: { $in: [...clientIds] } }).toArray()).map(open),
    listClientPage: async ({ limit, after }) => {
      const filter: Filter<StoredClient> = after === undefined ? {} : { _id: { $gt: after } }
      const found = await clients
        .find(filter)
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray()
      return { items: found.slice(0, limit).map(open), hasMore: found.length > limit }
    },
    countClients: () => clients.countDocuments({}),
    listClients: async ({ clientId, provider }, limit) => {
      const filter: Filter<StoredClient> = {
        ...(clientId && { _id: clientId }),
        ...(provider && { 'webhooks.provider': provider }),
      }
      return (await clients.find(filter).sort({ _id: 1 }).limit(limit).toArray()).map(open)
    },
    findWebhook: async (webhookId) => {
      const stored = await clients.findOne({ 'webhooks.id': webhookId })
      return stored === null ? null : (open(stored).webhooks.find(({ id }) => id === webhookId) ?? null)
    },
    saveClient: async (client, expectedVersion) => {
      const record = encodeClient(client, sealer)
      try {
        const result = await clients.updateOne(
          { _id: client.clientId, version: expectedVersion },
          { $set: record },
          { upsert: expectedVersion === 0 },
        )
        return result.matchedCount + result.upsertedCount === 1 ? 'saved' : 'conflict'
      } catch (error) {
        // It exists already, or with another version.
        if (isDuplicateKey(error)) return 'conflict'
        throw error
      }
    },
  }
}
