import { z } from 'zod'
import type { Fact } from '../domain/activity.js'
import type { Delivery } from '../domain/delivery.js'
import type { ReceivedEvent } from '../domain/event.js'

/** The header that carries a received event's identity beside its raw bytes. */
export const EVENT_HEADER = 'Orderwire-Event'

/** The header that carries the span a message was written in (W3C Trace Context). */
export const TRACE_HEADER = 'traceparent'

const eventHeaderSchema = z.object({
  v: z.literal(1),
  eventId: z.string(),
  provider: z.string(),
  clientId: z.string(),
  profile: z.enum(['spec', 'live']),
  auth: z.enum(['hmac', 'api_key', 'bearer', 'jwt']),
  eventType: z.string(),
  dedupeKey: z.string(),
  occurredAt: z.string(),
  receivedAt: z.string(),
  method: z.string().default('POST'),
  path: z.string().default(''),
})

/** Header value and body of a received event. The value is ASCII: NATS headers hold nothing else safely. */
export function encodeReceived(event: ReceivedEvent): {
  readonly header: string
  readonly data: Uint8Array
} {
  // Field by field: a rest and a spread cost more here than the serialisation itself.
  const identity = {
    v: 1,
    eventId: event.eventId,
    provider: event.provider,
    clientId: event.clientId,
    profile: event.profile,
    auth: event.auth,
    eventType: event.eventType,
    dedupeKey: event.dedupeKey,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    method: event.method,
    path: event.path,
  } satisfies z.input<typeof eventHeaderSchema>
  return { header: toAscii(JSON.stringify(identity)), data: event.body }
}

/** Throws on a message that is not ours. */
export function decodeReceived(header: string, data: Uint8Array): ReceivedEvent {
  const { v: _, ...identity } = eventHeaderSchema.parse(JSON.parse(header))
  return { ...identity, body: data }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Our own envelopes: written by the same version of this type, checked by `v`. */
const versionSchema = z.looseObject({ v: z.literal(1) })

/** Without its trace, which goes in the message's header. */
export function encodeDelivery(delivery: Delivery): Uint8Array {
  const body = delivery.traceparent === undefined ? delivery : { ...delivery, traceparent: undefined }
  return encoder.encode(JSON.stringify(body))
}

/** Throws on a message that is not ours. */
export function decodeDelivery(data: Uint8Array): Delivery {
  // The parse edge of our own envelope: its version vouches for its shape.
  const read = versionSchema.parse(JSON.parse(decoder.decode(data))) as unknown as Delivery
  // What was queued before deliveries had these stands for itself.
  return {
    ...read,
    priority: read.priority ?? 'medium',
    after: read.after ?? null,
    queuedAt: read.queuedAt ?? read.event.receivedAt,
  }
}

export function encodeFact(fact: Fact): Uint8Array {
  return encoder.encode(JSON.stringify(fact))
}

/** Throws on a message that is not ours. */
export function decodeFact(data: Uint8Array): Fact {
  // The parse edge of our own envelope: its version vouches for its shape.
  return versionSchema.parse(JSON.parse(decoder.decode(data))) as unknown as Fact
}

function toAscii(text: string): string {
  if (!/[^\x20-\x7e]/.test(text)) return text
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
