import type { Delivery, DeliveryPriority } from './delivery.js'
import type { Log } from './log.js'

/**
 * One more attempt of an event at a webhook, asked for by a person: it is counted apart, and neither uses up nor renews the
 * automatic ones. Null where nothing is kept to send.
 */
export function manualDelivery(
  { canonical, payload, attempts }: Pick<Log, 'canonical' | 'payload' | 'attempts'>,
  webhookId: string,
  { priority, queuedAt }: { readonly priority: DeliveryPriority; readonly queuedAt: string },
): Delivery | null {
  if (canonical === null || payload === null) return null
  const made = attempts.filter((each) => each.trigger === 'manual' && each.webhookId === webhookId).length
  const attempt = made + 1
  return { v: 1, event: canonical, webhookId, attempt, trigger: 'manual', priority, after: null, queuedAt, payload }
}

/** Asked for twice before it is made, by whatever way, it is queued once. */
export function manualDedupeId({ event, webhookId, attempt }: Delivery): string {
  return `${event.id}.${webhookId}.manual.${attempt}`
}
