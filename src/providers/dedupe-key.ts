import type { Envelope } from './adapter.js'

/** The parts joined; the body's hash for an unknown event, or one whose key parts are missing. */
export function dedupeKey(
  events: Readonly<Record<string, unknown>>,
  envelope: Envelope,
  partsOf: (envelope: Envelope) => readonly (string | null)[] | null,
): string {
  const parts = Object.hasOwn(events, envelope.eventType) ? partsOf(envelope) : null
  return parts === null || parts.includes(null) ? `sha256:${envelope.bodyHash()}` : parts.join(':')
}
