import type { Client, Webhook } from '../../domain/client.js'
import type { Log } from '../../domain/log.js'
import { payloadJson } from '../json.js'
import type { Stats } from '../operations/read-stats.js'
import type { Registration } from '../operations/register-webhook.js'

/** The REST answers' shapes: the specification's fields (section 3), and ours after them. */

export function logShape(log: Log) {
  const last = log.attempts.at(-1)
  return {
    id: log.id,
    provider: log.provider,
    clientId: log.clientId,
    event: log.event,
    status: log.status,
    responseTime: log.responseTime,
    timestamp: log.timestamp,
    payload: payloadJson(log.payload),
    response: last === undefined ? null : { statusCode: last.statusCode, body: last.response },
    stage: log.stage,
    type: log.canonical?.type ?? null,
    error: log.error,
    duplicates: log.resends.length,
    attempts: log.attempts,
  }
}

export function statsShape({ recentEvents: _, period, ...counts }: Stats, recentEvents: readonly Log[]) {
  return { ...counts, recentEvents: recentEvents.map(logShape), period }
}

export function registrationShape({ webhook, url }: Registration) {
  const { credentials, signingSecret, id, status } = webhook
  return {
    webhookId: id,
    url,
    secretKey: credentials.secretKey,
    status,
    signingSecret,
    ...(credentials.apiKey !== undefined && { apiKey: credentials.apiKey }),
  }
}

export function configShape({ clientId, webhooks, settings }: Client) {
  return { clientId, webhooks: webhooks.map(webhookShape), ...settings }
}

/** A registration without its secrets. */
function webhookShape({ id, provider, profile, url, events, status, disabledReason, createdAt, updatedAt }: Webhook) {
  return { id, provider, profile, url, events, status, disabledReason, createdAt, updatedAt }
}
