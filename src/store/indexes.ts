import type { IndexSpecification } from 'mongodb'

export type IndexTable = {
  readonly collection: string
  readonly name: string
  readonly key: IndexSpecification
  readonly serves: string
}

/**
 * Every index and the query it is for. Lists run newest first by (timestamp, _id), so each filter that may stand alone
 * has an index ending in these two; the specification's four are among them (section 6.4).
 */
export const INDEXES: readonly IndexTable[] = [
  {
    collection: 'logs',
    name: 'timestamp',
    key: { timestamp: -1, _id: -1 },
    serves: 'all logs, newest first; stats of a period (idx_webhook_logs_created_at)',
  },
  {
    collection: 'logs',
    name: 'client_timestamp',
    key: { clientId: 1, timestamp: -1, _id: -1 },
    serves: 'logs and stats of a client',
  },
  {
    collection: 'logs',
    name: 'provider_client_timestamp',
    key: { provider: 1, clientId: 1, timestamp: -1, _id: -1 },
    serves: 'logs and stats of a provider, or of a provider and client (idx_webhook_logs_provider_client)',
  },
  {
    collection: 'logs',
    name: 'provider_timestamp',
    key: { provider: 1, timestamp: -1, _id: -1 },
    serves: 'logs and stats of a provider (idx_webhook_logs_provider_date)',
  },
  {
    collection: 'logs',
    name: 'status_timestamp',
    key: { status: 1, timestamp: -1, _id: -1 },
    serves: 'logs by status (idx_webhook_logs_status)',
  },
  {
    collection: 'logs',
    name: 'client_status_timestamp',
    key: { clientId: 1, status: 1, timestamp: -1, _id: -1 },
    serves: 'logs of a client by status',
  },
  {
    collection: 'logs',
    name: 'stage_next_attempt',
    key: { stage: 1, nextAttemptAt: 1 },
    serves: 'retry stats: what is due, what is overdue (idx_webhook_retry_queue_next_retry)',
  },
  { collection: 'clients', name: 'webhook_id', key: { 'webhooks.id': 1 }, serves: 'a registration by its id' },
  {
    collection: 'clients',
    name: 'webhook_provider',
    key: { 'webhooks.provider': 1 },
    serves: 'registrations of a provider',
  },
  { collection: 'menus', name: 'client', key: { clientId: 1, _id: 1 }, serves: 'menus of a client' },
  { collection: 'menus', name: 'provider', key: { provider: 1, _id: 1 }, serves: 'menus of a provider' },
  { collection: 'orders', name: 'client', key: { clientId: 1, _id: 1 }, serves: 'orders of a client' },
]
