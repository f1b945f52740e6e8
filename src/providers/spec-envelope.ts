import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ParseResult } from './adapter.js'
import { parseJson } from './parse-json.js'

/** The specification's WebhookEventDto (section 4.3). Unknown keys are kept: platforms add fields. */
const envelopeSchema = z.looseObject({
  // It becomes a log field and a filter: bounded, and without control characters.
  event_type: z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be 1–100 printable characters without spaces'),
  timestamp: z.iso.datetime({ offset: true, local: true, error: 'must be an ISO 8601 date and time' }),
  data: z.record(z.string(), z.unknown(), { error: 'must be an object' }),
})

/** Parses `{event_type, timestamp, data}`, the form of every `spec` profile. */
export function parseSpecEnvelope(body: Uint8Array): ParseResult {
  const json = parseJson(body)
  if (!json.ok)
    return {
      ok: false,
      code: json.reason === 'not-json' ? 'invalid_json' : 'invalid_payload',
      message: json.message,
      details: [],
    }
  const parsed = envelopeSchema.safeParse(json.value)
  if (!parsed.success) {
    const details = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    return { ok: false, code: 'invalid_payload', message: 'The body does not fit the schema', details }
  }
  const { event_type: eventType, timestamp, data } = parsed.data
  const occurredAt = toUtc(timestamp)
  if (occurredAt === null) {
    return {
      ok: false,
      code: 'invalid_payload',
      message: 'The body does not fit the schema',
      details: [{ path: 'timestamp', message: 'is not a real date' }],
    }
  }
  return {
    ok: true,
    envelope: { eventType, occurredAt, data, bodyHash: () => createHash('sha256').update(body).digest('hex') },
  }
}

/** RFC 3339 UTC with milliseconds; a time without an offset is UTC. Null for what is no date. */
export function toUtc(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`
  const at = new Date(zoned)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
