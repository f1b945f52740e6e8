import { hash } from 'node:crypto'
import { z } from 'zod'
import type { ParseResult } from './adapter.js'
import type { Envelope } from './envelope.js'
import { parseJson } from './parse-json.js'
import { isRecord, toUtc } from './read.js'

/** It becomes a log field and a filter: bounded, and without control characters. */
export const EVENT_TYPE = /^[\x21-\x7e]{1,100}$/
const DATE_TIME = z.regexes.datetime({ offset: true, local: true })

const NO_PARAMS: Envelope['params'] = Object.freeze({})

/**
 * Parses `{event_type, timestamp, data}`, the form of every `spec` profile: the specification's WebhookEventDto
 * (section 4.3). Unknown keys are kept: platforms add fields. By hand, since it runs for every request: the same
 * schema in zod took a tenth of ingress's time.
 */
export function parseSpecEnvelope(body: Uint8Array): ParseResult {
  const json = parseJsonBody(body)
  if (!json.ok) return json
  const { value } = json
  if (!isRecord(value)) return invalid([{ path: '', message: 'must be an object' }])
  const { event_type: eventType, timestamp, data } = value
  const details: { path: string; message: string }[] = []
  const validType = typeof eventType === 'string' && EVENT_TYPE.test(eventType)
  if (!validType) details.push({ path: 'event_type', message: 'must be 1–100 printable characters without spaces' })
  const occurredAt = typeof timestamp === 'string' && DATE_TIME.test(timestamp) ? utcOf(timestamp) : null
  if (occurredAt === null) details.push({ path: 'timestamp', message: 'must be an ISO 8601 date and time' })
  if (!isRecord(data)) details.push({ path: 'data', message: 'must be an object' })
  if (!validType || occurredAt === null || !isRecord(data)) return invalid(details)
  return { ok: true, envelope: { eventType, occurredAt, data, params: NO_PARAMS, bodyHash: () => sha256(body) } }
}

/** Most platforms write the very form that we keep. Takes what `DATE_TIME` allows. */
function utcOf(timestamp: string): string | null {
  return timestamp.length === CANONICAL_LENGTH && timestamp.endsWith('Z') ? timestamp : toUtc(timestamp)
}
const CANONICAL_LENGTH = '2026-01-01T00:00:00.000Z'.length

type Failure = Extract<ParseResult, { ok: false }>

/** JSON of any shape; what is none is refused in the contract's words. */
export function parseJsonBody(body: Uint8Array): { readonly ok: true; readonly value: unknown } | Failure {
  const json = parseJson(body)
  if (json.ok) return json
  const code = json.reason === 'not-json' ? 'invalid_json' : 'invalid_payload'
  return { ok: false, code, message: json.message, details: [] }
}

export function invalid(details: Failure['details']): Failure {
  return { ok: false, code: 'invalid_payload', message: 'The body does not fit the schema', details }
}

export function sha256(body: Uint8Array): string {
  return hash('sha256', body, 'hex')
}
