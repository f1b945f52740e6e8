import { describe, expect, it } from 'vitest'
import { traceOrder } from '../../../src/providers/trace.js'
import {
  envelopeOf,
  resourceFor,
  SAMPLE_CLIENT,
  SAMPLE_RECEIVED_AT,
  samplesOf,
} from '../../support/provider-samples.js'
import { providers } from '../../support/providers.js'

const context = { clientId: SAMPLE_CLIENT, eventId: 'evt_1', receivedAt: SAMPLE_RECEIVED_AT }

/** `lines[].name` for every value that is there. Money and empty lists are leaves. */
function fieldsIn(value: unknown, at = ''): readonly string[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((each) => fieldsIn(each, `${at}[]`))
  if (typeof value !== 'object' || 'currency' in value) return [at]
  return Object.entries(value).flatMap(([name, each]) => fieldsIn(each, at === '' ? name : `${at}.${name}`))
}

/** Modifiers of modifiers are where modifiers say their own are. */
const shallow = (field: string): string => field.replace(/(?:modifiers\[\]\.)+/, 'modifiers[].')

describe.each(providers.adapters)('$name $profile', (adapter) => {
  it.each(samplesOf(adapter))('every field of the order in $file can be traced to where it comes from', (sample) => {
    const envelope = envelopeOf(adapter, sample)
    const { order } = adapter.normalise(envelope, { ...context, resource: resourceFor(adapter) }).data
    if (order === undefined) return
    const maps = Object.values(adapter.table.events).flatMap((rule) => rule.order ?? [])
    const traced = new Map(maps.flatMap(traceOrder).map((trace) => [trace.field, trace]))
    const untraced = [...new Set(fieldsIn(order).map(shallow))].filter((field) => {
      const trace = traced.get(field)
      return trace === undefined || (trace.how === 'read' && trace.paths.length === 0)
    })
    expect(untraced).toEqual([])
  })
})
