import type { EventType } from '../domain/event.js'
import type { ProviderName } from '../domain/provider.js'
import type { Envelope, NormaliseContext, Normalised, ProviderAdapter, ProviderLimit } from './adapter.js'
import { dedupeKey } from './dedupe-key.js'
import { POST_HERE } from './endpoint.js'
import { type Scheme, schemeFunctions } from './signature/scheme.js'
import { parseSpecEnvelope } from './spec-envelope.js'

/** What distinguishes one provider of the specification from another. */
export type SpecProvider = {
  readonly name: ProviderName
  readonly title: string
  readonly schemes: readonly Scheme[]
  readonly limits: readonly ProviderLimit[]
  readonly events: Readonly<Record<string, EventType | null>>
  /** The parts that make a resend the same event, in order; null where the content names none. */
  dedupeParts(envelope: Envelope): readonly (string | null)[] | null
  normalise(envelope: Envelope, context: NormaliseContext): Normalised
}

/** The adapter of a provider in profile `spec`: all of them share the envelope and differ in data. */
export function specAdapter({ schemes, dedupeParts, ...provider }: SpecProvider): ProviderAdapter {
  return {
    ...provider,
    ...schemeFunctions(schemes),
    profile: 'spec',
    confidence: 'A',
    endpoints: POST_HERE,
    parse: ({ body }) => parseSpecEnvelope(body),
    dedupeKeyOf: (envelope) => dedupeKey(provider.events, envelope, dedupeParts),
  }
}
