import type { Document, IndexSpecification } from 'mongodb'

export type IndexTable = {
  readonly collection: string
  readonly name: string
  readonly key: IndexSpecification
  /** Only documents that match; a query that says the same is served. */
  readonly where?: Document
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
  {
    collection: 'logs',
    name: 'stage_result_client',
    key: { stage: 1, 'attempts.result': 1, clientId: 1 },
    serves: 'retry stats: what was delivered after more than one attempt',
  },
  {
    collection: 'logs',
    name: 'dead_letters',
    key: { timestamp: -1, _id: -1, deadDeliveries: 1 },
    where: { deadDeliveries: { $gt: 0 } },
    serves: 'dead letters, newest first',
  },
  {
    collection: 'logs',
    name: 'client_dead_letters',
    key: { clientId: 1, timestamp: -1, _id: -1, deadDeliveries: 1 },
    where: { deadDeliveries: { $gt: 0 } },
    serves: 'dead letters of a client',
  },
  { collection: 'clients', name: 'webhook_id', key: { 'webhooks.id': 1 }, serves: 'a registration by its id' },
  {
    collection: 'clients',
    name: 'webhook_provider',
    key: { 'webhooks.provider': 1 },
    serves: 'registrations of a provider',
  },
  { collection: 'menus', name: 'updated', key: { updatedAt: -1, _id: -1 }, serves: 'all menus, last changed first' },
  {
    collection: 'menus',
    name: 'client_updated',
    key: { clientId: 1, updatedAt: -1, _id: -1 },
    serves: 'menus of a client',
  },
  {
    collection: 'menus',
    name: 'provider_updated',
    key: { provider: 1, updatedAt: -1, _id: -1 },
    serves: 'menus of a provider',
  },
  {
    collection: 'logs',
    name: 'stage_timestamp',
    key: { stage: 1, timestamp: -1, _id: -1 },
    serves: 'logs by stage',
  },
  {
    collection: 'logs',
    name: 'client_stage_timestamp',
    key: { clientId: 1, stage: 1, timestamp: -1, _id: -1 },
    serves: 'logs of a client by stage',
  },
  {
    collection: 'logs',
    name: 'event_timestamp',
    key: { event: 1, timestamp: -1, _id: -1 },
    serves: "logs by the provider's event name",
  },
  {
    collection: 'logs',
    name: 'type_timestamp',
    key: { type: 1, timestamp: -1, _id: -1 },
    serves: 'logs by canonical type',
  },
  {
    collection: 'logs',
    name: 'references_timestamp',
    key: { references: 1, timestamp: -1, _id: -1 },
    serves: 'logs of an order, by any of its ids',
  },
  {
    collection: 'orders',
    name: 'placed',
    key: { placedAt: -1, _id: -1 },
    serves: 'all orders, newest first',
  },
  {
    collection: 'orders',
    name: 'client_placed',
    key: { clientId: 1, placedAt: -1, _id: -1 },
    serves: 'orders of a client',
  },
  {
    collection: 'orders',
    name: 'client_status_placed',
    key: { clientId: 1, status: 1, placedAt: -1, _id: -1 },
    serves: 'orders of a client by status',
  },
  {
    collection: 'orders',
    name: 'provider_placed',
    key: { provider: 1, placedAt: -1, _id: -1 },
    serves: 'orders of a provider',
  },
  {
    collection: 'orders',
    name: 'status_placed',
    key: { status: 1, placedAt: -1, _id: -1 },
    serves: 'orders by status',
  },
  {
    collection: 'orders',
    name: 'store_placed',
    key: { storeRef: 1, placedAt: -1, _id: -1 },
    serves: 'orders of a restaurant',
  },
  {
    collection: 'orders',
    name: 'references_placed',
    key: { references: 1, placedAt: -1, _id: -1 },
    serves: "an order by the platform's ids",
  },
  {
    collection: 'buckets',
    name: 'span_starts',
    key: { span: 1, startsAt: 1 },
    serves: 'buckets past their time',
  },
  { collection: 'audit', name: 'at', key: { at: -1, _id: -1 }, serves: 'the audit log, newest first' },
  {
    collection: 'audit',
    name: 'client_at',
    key: { clientId: 1, at: -1, _id: -1 },
    serves: 'the audit log of a client',
  },
  {
    collection: 'audit',
    name: 'target_at',
    key: { targetId: 1, at: -1, _id: -1 },
    serves: 'what was done to one thing',
  },
  {
    collection: 'audit',
    name: 'action_at',
    key: { action: 1, at: -1, _id: -1 },
    serves: 'the audit log by action',
  },
  {
    collection: 'replays',
    name: 'created',
    key: { createdAt: -1, _id: -1 },
    serves: 'replay jobs, newest first',
  },
  {
    collection: 'replays',
    name: 'client_created',
    key: { clientId: 1, createdAt: -1, _id: -1 },
    serves: 'replay jobs of a client',
  },
  {
    collection: 'replays',
    name: 'status_until',
    key: { status: 1, until: 1 },
    serves: 'a job that nobody works on',
  },
]
