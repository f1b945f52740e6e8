import type { EventType } from '../domain/event.js'
import type { NormaliseContext, Normalised, ParseResult, ProviderAdapter } from './adapter.js'
import { dedupeKey } from './dedupe-key.js'
import { POST_HERE } from './endpoint.js'
import type { Envelope } from './envelope.js'
import { parseLiveEnvelope } from './live-envelope.js'
import { type Field, readField } from './map/field.js'
import { mapChange, mapCourier, mapStore } from './map/map-event.js'
import { mapMenu } from './map/map-menu.js'
import { mapOrder, type OrderContext, sourceOf } from './map/map-order.js'
import { valueAt } from './map/path.js'
import { text } from './read.js'
import { schemeFunctions } from './signature/scheme.js'
import { parseSpecEnvelope } from './spec-envelope.js'
import type { EventRule, ProviderTable } from './table.js'

const UNKNOWN: Normalised = { type: 'unknown', data: {} }

/** The adapter a provider's table describes. */
export function tableAdapter(table: ProviderTable): ProviderAdapter {
  const { name, title, profile, confidence, envelope, api, answer } = table
  return {
    name,
    title,
    profile,
    confidence,
    ...schemeFunctions(table.schemes),
    endpoints: table.endpoints ?? POST_HERE,
    limits: table.limits ?? [],
    events: eventNames(table),
    table,
    parse: (arrival): ParseResult =>
      envelope === 'spec' ? parseSpecEnvelope(arrival.body) : parseLiveEnvelope(envelope, arrival),
    dedupeKeyOf: (received) => {
      const rule = ruleOf(table, received)
      return dedupeKey(received, rule?.dedupe.map((part) => partOf(table, received, part)) ?? null)
    },
    normalise: (received, context) => {
      const rule = ruleOf(table, received)
      return rule === undefined ? UNKNOWN : normalise(table, rule, received, context)
    },
    ...(api && {
      api,
      resourceOf: (received) => {
        const rule = ruleOf(table, received)
        const source = sourceOf('', received.data, contextOf(table, received, undefined))
        return readField(source, rule?.resource, text)
      },
    }),
    ...(answer && { answer }),
  }
}

function ruleOf({ events, kind }: ProviderTable, { eventType, data }: Envelope): EventRule | undefined {
  const part = kind === undefined ? null : readField(data, kind, text)
  const name = part === null ? eventType : `${eventType}:${part}`
  return Object.hasOwn(events, name) ? events[name] : undefined
}

/** A part of the dedupe key. Ingress asks for every request, so a plain place in the data is read without more around it. */
function partOf(table: ProviderTable, received: Envelope, part: Field<string>): string | null {
  if (part === '@occurredAt') return received.occurredAt
  return typeof part === 'string' && !part.startsWith('@')
    ? text(valueAt(received.data, part))
    : readField(sourceOf('', received.data, contextOf(table, received, undefined)), part, text)
}

function contextOf({ name }: ProviderTable, envelope: Envelope, context: NormaliseContext | undefined): OrderContext {
  const { eventType, occurredAt, params } = envelope
  return {
    provider: name,
    clientId: context?.clientId ?? '',
    eventType,
    occurredAt,
    receivedAt: context?.receivedAt ?? occurredAt,
    params,
  }
}

function normalise(table: ProviderTable, rule: EventRule, envelope: Envelope, context: NormaliseContext): Normalised {
  const around = contextOf(table, envelope, context)
  const source = sourceOf('', envelope.data, around)
  const orderData = rule.resource === undefined ? envelope.data : context.resource
  const hasOrder = rule.order !== undefined && (rule.type === 'order.created' || hasLines(rule, orderData))
  const order = rule.order && hasOrder ? mapOrder(rule.order, orderData, around) : null
  const change = rule.change && mapChange(rule.change, source)
  const courier = rule.courier && mapCourier(rule.courier, source)
  const menu = rule.menu && mapMenu(rule.menu, source)
  const store = rule.store && mapStore(rule.store, source)
  // An event about an order that names none tells nothing.
  if (rule.change !== undefined && order === null && change === 'no-order') return UNKNOWN
  if (rule.order !== undefined && rule.change === undefined && order === null && rule.resource === undefined)
    return UNKNOWN
  // A new order that is still pending has changed nothing.
  const changed = typeof change === 'object' && !(rule.type === 'order.created' && change.to === 'pending')
  return {
    type: rule.type,
    data: {
      ...(order && { order }),
      ...(changed && { change }),
      ...(courier && { courier }),
      ...(menu && { menu }),
      ...(store && { store }),
    },
  }
}

/** Status events of some platforms carry the whole order, of others only its id. */
function hasLines({ order }: EventRule, data: unknown): boolean {
  const [list = ''] = order?.lines.at.split('[') ?? []
  const whole = order === undefined || order.at === '' ? data : valueAt(data, order.at)
  return Array.isArray(valueAt(whole, list))
}

/** The names a registration may ask for; null where a name alone does not tell the meaning. */
function eventNames({ events }: ProviderTable): Readonly<Record<string, EventType | null>> {
  const names: Record<string, EventType | null> = {}
  for (const [key, { type }] of Object.entries(events)) {
    const name = key.split(':')[0] ?? key
    names[name] = Object.hasOwn(names, name) && names[name] !== type ? null : type
  }
  return names
}
