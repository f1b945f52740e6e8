import type { Delivery } from '../../domain/delivery.js'

/**
 * The body a client receives (docs: the public contract). The platform's payload is spliced in as the text it sent, so
 * that numbers beyond 2^53 and decimals like 64.0 arrive as they came.
 */
export function deliveryBody({ event, attempt, payload }: Pick<Delivery, 'event' | 'attempt' | 'payload'>): string {
  const head = JSON.stringify({
    id: event.id,
    type: event.type,
    provider: event.provider,
    clientId: event.clientId,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    attempt,
    data: event.data,
  })
  const { eventType, problem } = event.source
  const source = JSON.stringify({ eventType, problem })
  return `${head.slice(0, -1)},"source":${source.slice(0, -1)},"payload":${payload === '' ? 'null' : payload}}}`
}
