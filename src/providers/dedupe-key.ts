import type { Envelope } from './envelope.js'

/** The event's name and the parts joined; the body's hash for an unknown event, or one whose parts are missing. */
export function dedupeKey(envelope: Envelope, parts: readonly (string | null)[] | null): string {
  return parts === null || parts.includes(null)
    ? `sha256:${envelope.bodyHash()}`
    : [envelope.eventType, ...parts].join(':')
}
