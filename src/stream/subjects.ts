import type { AttemptTrigger, DeliveryPriority } from '../domain/delivery.js'
import type { ProviderName } from '../domain/provider.js'

/** What exceeds clients' shares waits in this many lines, each client always in the same. */
export const OVERFLOW_LANES = 4

/** What tells one delivery from all others. */
export type DeliveryAddress = {
  readonly webhookId: string
  readonly eventId: string
  readonly trigger: AttemptTrigger
  readonly priority: DeliveryPriority
}

/**
 * Every subject in one place. `prefix` (a token with its dot, or empty) keeps several installations, and tests, apart on
 * one NATS server.
 */
export type Subjects = ReturnType<typeof createSubjects>

export function createSubjects(prefix: string) {
  /** One subject per event: the first message on it is the event, later ones are the platform's resends. */
  const webhook = (provider: ProviderName, clientId: string, eventId: string): string =>
    `${prefix}webhooks.${provider}.${clientId}.${eventId}`
  /** The same event where its client sends more than its share. */
  const webhookOverflow: typeof webhook = (provider, clientId, eventId) =>
    `${webhook(provider, clientId, eventId)}.over.${laneOf(clientId)}`
  return {
    webhooks: `${prefix}webhooks.>`,
    webhook,
    /** Events of clients within their share. */
    webhooksWithinShare: `${prefix}webhooks.*.*.*`,
    webhookOverflow,
    /** Where an event may be. */
    webhookAnywhere: (...event: Parameters<typeof webhook>): readonly string[] => [
      webhook(...event),
      webhookOverflow(...event),
    ],
    webhooksOverflow: (lane: number) => `${prefix}webhooks.*.*.*.over.${lane}`,
    deliveries: `${prefix}deliveries.>`,
    /** What may be attempted now, of one priority. */
    deliveriesReady: (priority: DeliveryPriority) => `${prefix}deliveries.ready.${priority}.>`,
    deliveryReady: ({ priority, webhookId, eventId, trigger }: DeliveryAddress) =>
      `${prefix}deliveries.ready.${priority}.${webhookId}.${eventId}.${trigger}`,
    /** A delivery that waits for its time, here once; publishing to it again replaces it. */
    deliveryScheduled: ({ webhookId, eventId, trigger }: Omit<DeliveryAddress, 'priority'>) =>
      `${prefix}deliveries.scheduled.${webhookId}.${eventId}.${trigger}`,
    deliveriesScheduled: `${prefix}deliveries.scheduled.>`,
    orders: `${prefix}orders.>`,
    /** The log of one order. */
    order: (orderId: string) => `${prefix}orders.${orderId}`,
    activities: `${prefix}activity.>`,
    activity: (clientId: string, kind: string) => `${prefix}activity.${clientId}.${kind}`,
    /** What each process tells of itself every second; not stored. */
    samples: `${prefix}samples`,
    metrics: `${prefix}metrics.>`,
    /** What all processes told together in one span of ten seconds, counted since 1970. */
    metricsOf: (span: number) => `${prefix}metrics.${span}`,
    /** The newest fact of one delivery's attempts. */
    attempted: ({
      clientId,
      webhookId,
      eventId,
      trigger,
    }: Omit<DeliveryAddress, 'priority'> & { readonly clientId: string }) =>
      `${prefix}activity.${clientId}.attempted.${webhookId}.${eventId}.${trigger}`,
    /** All of one endpoint's. */
    attemptsTo: (clientId: string, webhookId: string) => `${prefix}activity.${clientId}.attempted.${webhookId}.>`,
    notices: `${prefix}notices.>`,
    notice: (clientId: string, webhookId: string, kind: string) => `${prefix}notices.${clientId}.${webhookId}.${kind}`,
    deadLetters: `${prefix}dead.>`,
    deadLetter: (webhookId: string, eventId: string) => `${prefix}dead.${webhookId}.${eventId}`,
  }
}

/** FNV-1a: the same in every process and release. */
function laneOf(clientId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < clientId.length; index += 1)
    hash = Math.imul(hash ^ clientId.charCodeAt(index), 0x01000193) >>> 0
  return hash % OVERFLOW_LANES
}
