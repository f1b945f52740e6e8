import type { StreamMessage } from './message.js'
import type { DeliveryAddress, Subjects } from './subjects.js'

/**
 * A delivery that becomes ready at a time: a JetStream scheduled message (ADR-51; measured 1–2 ms late). Its subject is
 * the delivery's own, so scheduling again replaces it.
 */
export function scheduledDelivery(
  subjects: Subjects,
  delivery: DeliveryAddress & {
    readonly data: Uint8Array
    readonly at: Date
    /** Of the message that becomes ready, too. */
    readonly headers?: StreamMessage['headers'] | undefined
  },
): StreamMessage {
  return {
    subject: subjects.deliveryScheduled(delivery),
    data: delivery.data,
    headers: {
      ...delivery.headers,
      'Nats-Schedule': `@at ${delivery.at.toISOString()}`,
      'Nats-Schedule-Target': subjects.deliveryReady(delivery),
    },
  }
}

/** The header by which nats-server tells that a message was scheduled. */
export const SCHEDULED_HEADER = 'Nats-Scheduler'

/** Ours, for one that had to be moved because nats-server let its time pass. */
export const MOVED_HEADER = 'Orderwire-Moved'
