import type { ProviderName } from '../domain/provider.js'

/**
 * Every subject in one place. `prefix` (a token with its dot, or empty) keeps several installations, and tests, apart on
 * one NATS server.
 */
export type Subjects = ReturnType<typeof createSubjects>

export function createSubjects(prefix: string) {
  return {
    webhooks: `${prefix}webhooks.>`,
    /** One subject per event: the first message on it is the event, later ones are the platform's resends. */
    webhook: (provider: ProviderName, clientId: string, eventId: string) =>
      `${prefix}webhooks.${provider}.${clientId}.${eventId}`,
    deliveries: `${prefix}deliveries.>`,
    deliveriesReady: `${prefix}deliveries.ready.>`,
    deliveryReady: (webhookId: string, eventId: string) => `${prefix}deliveries.ready.${webhookId}.${eventId}`,
    /** A scheduled retry waits here; publishing to it again replaces it. */
    deliveryScheduled: (webhookId: string, eventId: string) => `${prefix}deliveries.scheduled.${webhookId}.${eventId}`,
    orders: `${prefix}orders.>`,
    /** The log of one order. */
    order: (orderId: string) => `${prefix}orders.${orderId}`,
    activities: `${prefix}activity.>`,
    activity: (clientId: string, kind: string) => `${prefix}activity.${clientId}.${kind}`,
    /** What each process tells of itself every second; not stored. */
    samples: `${prefix}samples`,
    deadLetters: `${prefix}dead.>`,
    deadLetter: (webhookId: string, eventId: string) => `${prefix}dead.${webhookId}.${eventId}`,
  }
}
