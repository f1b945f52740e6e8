import { z } from 'zod'
import { canonicalEventSchema } from './event.js'

/** The body a client receives: the canonical event, which attempt it is, and the platform's own payload. */
export const deliveredEventSchema = canonicalEventSchema
  .unwrap()
  .omit({ v: true, dedupeKey: true, source: true })
  .extend({
    attempt: z.int().min(1),
    source: z
      .object({
        eventType: z.string().describe("The platform's own event name"),
        payload: z.unknown().describe("The platform's JSON as it came"),
      })
      .readonly(),
  })

/** What `schemas/canonical-event.json` holds: JSON Schema 2020-12 of both, with what they share under `$defs`. */
export function canonicalJsonSchema(): string {
  const documents = {
    canonicalEvent: z.toJSONSchema(canonicalEventSchema),
    deliveredEvent: z.toJSONSchema(deliveredEventSchema),
  }
  return `${JSON.stringify(documents, null, 2)}\n`
}
