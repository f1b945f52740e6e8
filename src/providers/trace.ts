import type { Field } from './map/field.js'
import { pathsOf } from './map/field.js'
import type { LineMap, ModifierMap, MoneyField, OrderMap } from './map/order-map.js'
import type { Path } from './map/path.js'
import type { ProviderTable } from './table.js'

/** Where one canonical field of an order comes from. */
export type Trace = {
  /** As in the canonical order: `lines[].modifiers[].unitPrice`. */
  readonly field: string
  /** Paths in the platform's JSON, from the order on; `@…` is what surrounds it (path parameters, times). */
  readonly paths: readonly Path[]
  /** `read`: as it stands there; `derived`: worked out from there (or from other fields); `constant`: always the same. */
  readonly how: 'read' | 'derived' | 'constant'
}

/** Canonical field → raw paths of every event that carries an order; what a platform does not tell has no entry. */
export function traceOrder(map: OrderMap): readonly Trace[] {
  const { customer, address, lines, totals, payment } = map
  const at = (name: string, field: Field<unknown> | undefined): readonly Trace[] =>
    field === undefined ? [] : [{ field: name, paths: pathsOf(field), how: howOf(field) }]
  const top = [
    ['externalId', map.externalId],
    ['externalCode', map.externalCode],
    ['displayCode', map.displayCode],
    ['storeRef', map.storeRef],
    ['status', map.status ?? { value: 'pending' }],
    ['service', map.service],
    ['deliveredBy', map.deliveredBy],
    ['scheduledFor', map.scheduledFor],
    ['isTest', map.isTest ?? { value: false }],
    ['placedAt', map.placedAt ?? '@occurredAt'],
    ['acceptBy', map.acceptBy],
    ['pickupAt', map.pickupAt],
    ['promisedAt', map.promisedAt],
    ['customer.name', customer?.name],
    ['customer.phone.e164', customer?.phone],
    ['customer.phone.accessCode', customer?.accessCode],
    ['customer.phone.masked', customer?.phone && { value: customer.masked ?? false }],
    ['customer.email', customer?.email],
    ['address.text', address?.text],
    ['address.lat', address?.lat],
    ['address.lng', address?.lng],
    ['address.note', address?.note],
    ['payment.status', payment.status],
    ['payment.method', payment.method],
    ['note', map.note],
  ] as const
  const derived = (field: string): Trace => ({ field, paths: [], how: 'derived' })
  return [
    ...['id', 'provider', 'clientId', 'totalsCheck', 'revision'].map(derived),
    ...top.flatMap(([name, field]) => at(name, field)),
    ...traceLines(lines),
    ...(totals.items === undefined ? [derived('totals.items')] : []),
    ...Object.entries(totals).flatMap(([name, field]) => traceMoney(`totals.${name}`, field)),
  ]
}

/** The order maps of a provider, each with the event that shows it first. */
export function ordersOf({ events }: ProviderTable): readonly { readonly event: string; readonly map: OrderMap }[] {
  const seen = new Set<string>()
  return Object.entries(events).flatMap(([event, { order }]) => {
    if (order === undefined) return []
    const places = JSON.stringify(traceOrder(order))
    if (seen.has(places)) return []
    seen.add(places)
    return [{ event, map: order }]
  })
}

function traceLines(map: LineMap): readonly Trace[] {
  const line = (name: string, field: Field<unknown> | undefined): readonly Trace[] =>
    under(`lines[].${name}`, map.at, field)
  return [
    { field: 'lines[].n', paths: [map.at], how: 'derived' },
    ...line('externalId', map.externalId),
    ...line('sku', map.sku),
    ...line('name', map.name),
    ...line('quantity', map.quantity),
    ...line('note', map.note),
    ...traceMoney('lines[].unitPrice', map.unitPrice, map.at),
    ...(map.modifiersAre === 'included'
      ? traceMoney('lines[].total', map.total, map.at)
      : [{ field: 'lines[].total', paths: totalPaths(map), how: 'derived' } as const]),
    ...(map.modifiers ? traceModifiers(map.modifiers, map.at) : []),
  ]
}

function totalPaths(map: LineMap): readonly Path[] {
  const own = map.modifiersAre === 'added-per-unit' ? map.unitPrice : map.total
  const extra = map.modifiers?.total ?? map.modifiers?.unitPrice
  return [
    ...moneyPaths(own).map((path) => join(map.at, path)),
    ...moneyPaths(extra).map((path) => join(join(map.at, map.modifiers?.at ?? ''), path)),
  ]
}

function traceModifiers(map: ModifierMap, linesAt: Path): readonly Trace[] {
  const at = join(linesAt, map.at)
  const modifier = (name: string, field: Field<unknown> | undefined): readonly Trace[] =>
    under(`lines[].modifiers[].${name}`, at, field)
  return [
    ...modifier('externalId', map.externalId),
    ...modifier('sku', map.sku),
    ...modifier('name', map.name),
    ...modifier('quantity', map.quantity ?? { value: 1 }),
    ...traceMoney('lines[].modifiers[].unitPrice', map.unitPrice, at),
    ...(map.children === undefined ? [] : modifier('modifiers[]', map.children)),
  ]
}

function under(field: string, at: Path, from: Field<unknown> | undefined): readonly Trace[] {
  return from === undefined ? [] : [{ field, paths: pathsOf(from).map((path) => join(at, path)), how: howOf(from) }]
}

function traceMoney(field: string, from: MoneyField | undefined, at: Path = ''): readonly Trace[] {
  if (from === undefined) return []
  const how = from === 'zero' ? 'constant' : typeof from === 'string' || isPaths(from) ? 'read' : 'derived'
  return [{ field, paths: moneyPaths(from).map((path) => join(at, path)), how }]
}

function moneyPaths(field: MoneyField | undefined): readonly Path[] {
  if (field === undefined || field === 'zero') return []
  if (typeof field === 'string') return [field]
  if (isPaths(field)) return field
  if ('sum' in field) return field.sum
  return 'when' in field ? [field.from, field.when] : field.from
}

function howOf(field: Field<unknown>): Trace['how'] {
  if (typeof field === 'string' || isPaths(field)) return 'read'
  return 'value' in field ? 'constant' : 'derived'
}

function join(at: Path, path: Path): Path {
  return at === '' || path.startsWith('@') ? path : `${at}.${path}`
}

/** Array.isArray does not narrow readonly arrays. */
function isPaths(value: unknown): value is readonly Path[] {
  return Array.isArray(value)
}
