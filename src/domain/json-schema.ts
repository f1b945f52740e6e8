import { z } from 'zod'
import { canonicalEventSchema } from './event.js'

/** The body a client receives: the canonical event, which attempt it is, and the platform's own payload. */
export const deliveredEventSchema = canonicalEventSchema
  .unwrap()
  .omit({ v: true, dedupeKey: true, source: true })
  .extend({
    attempt: z.int().min(1),
    source: canonicalEventSchema
      .unwrap()
      .shape.source.unwrap()
      .omit({ profile: true, auth: true })
      .extend({ payload: z.unknown().describe("The platform's JSON as it came; null where the call had no body") })
      .strict()
      .readonly(),
  })

/** What `schemas/canonical-event.json` holds: JSON Schema 2020-12 of what orderwire keeps and of what it sends. */
export function canonicalJsonSchema(): string {
  const documents = {
    canonicalEvent: z.toJSONSchema(canonicalEventSchema),
    deliveredEvent: z.toJSONSchema(deliveredEventSchema),
  }
  return `${JSON.stringify(documents, null, 2)}\n`
}
