import type { StreamMessage } from './message.js'
import type { Subjects } from './subjects.js'

/**
 * A delivery that becomes ready at a time: a JetStream scheduled message (ADR-51; measured 1–2 ms late). Its subject is
 * the delivery's own, so scheduling again replaces it.
 */
export function scheduledDelivery(
  subjects: Subjects,
  delivery: { readonly webhookId: string; readonly eventId: string; readonly data: Uint8Array; readonly at: Date },
): StreamMessage {
  return {
    subject: subjects.deliveryScheduled(delivery.webhookId, delivery.eventId),
    data: delivery.data,
    headers: {
      'Nats-Schedule': `@at ${delivery.at.toISOString()}`,
      'Nats-Schedule-Target': subjects.deliveryReady(delivery.webhookId, delivery.eventId),
    },
  }
}
