import type { Arrival, ParseResult } from './adapter.js'
import { readField } from './map/field.js'
import { valueAt } from './map/path.js'
import { isRecord, text, toUtc } from './read.js'
import { EVENT_TYPE, invalid, parseJsonBody, sha256 } from './spec-envelope.js'
import type { LiveEnvelope } from './table.js'

/** Parses a body that is all the platform sends; the event's name may come from the endpoint. */
export function parseLiveEnvelope(
  envelope: LiveEnvelope,
  { endpoint, params, body, receivedAt }: Arrival,
): ParseResult {
  const bodyHash = (): string => sha256(body)
  if (endpoint.body === 'none')
    return {
      ok: true,
      envelope: { eventType: endpoint.event ?? '', occurredAt: receivedAt, data: {}, params, bodyHash },
    }
  const json = parseJsonBody(body)
  if (!json.ok) return json
  const { value: data } = json
  if (!isRecord(data)) return invalid([{ path: '', message: 'must be an object' }])
  const absent = [...(envelope.requires ?? []), ...(endpoint.requires ?? [])].filter(
    (path) => valueAt(data, path) === undefined,
  )
  if (absent.length > 0) return invalid(absent.map((path) => ({ path, message: 'is required' })))
  const eventType = endpoint.event ?? readField(data, envelope.eventType, text) ?? ''
  if (!EVENT_TYPE.test(eventType))
    return invalid([{ path: pathOf(envelope), message: 'must be 1–100 printable characters without spaces' }])
  const occurredAt = readField(data, envelope.occurredAt, toUtc) ?? receivedAt
  return { ok: true, envelope: { eventType, occurredAt, data, params, bodyHash } }
}

function pathOf({ eventType }: LiveEnvelope): string {
  return typeof eventType === 'string' ? eventType : ''
}
