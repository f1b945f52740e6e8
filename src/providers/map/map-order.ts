import { orderIdOf } from '../../domain/ids.js'
import { addMoney, minorUnits, sumMoney, timesMoney, zero } from '../../domain/money.js'
import type { Modifier, Money, Order, OrderLine, OrderTotals } from '../../domain/order.js'
import { toE164 } from '../../domain/phone.js'
import type { ProviderName } from '../../domain/provider.js'
import { coordinate, count, flag, isRecord, record, text, toUtc } from '../read.js'
import { readAmount } from './amount.js'
import { type Field, readField, type Source } from './field.js'
import type { LineMap, ModifierMap, MoneyField, MoneyForm, OrderMap } from './order-map.js'
import { type Path, valueAt, valuesAt } from './path.js'

/** Deeper modifiers than platforms allow are cut. */
const MAX_MODIFIER_DEPTH = 5

/** What surrounds an order: who it is for, and when. */
export type OrderContext = {
  readonly provider: ProviderName
  readonly clientId: string
  readonly eventType: string
  readonly occurredAt: string
  readonly receivedAt: string
  readonly params: Readonly<Record<string, string>>
}

/** The canonical order by a platform's table; null where there is no order, or it has no id. Never throws. */
export function mapOrder(map: OrderMap, data: unknown, context: OrderContext): Order | null {
  const source = sourceOf(map.at, data, context)
  const field = <T>(wanted: Field<T> | undefined, reader: (value: unknown) => T | null): T | null =>
    readField(source, wanted, reader)
  const externalId = field(map.externalId, text)
  if (externalId === null) return null
  const currency = field(map.currency, text) ?? currencyIn(source, map)
  const read = amountReader(map.money, currency)
  const lines = valuesAt(source, map.lines.at).map((line, index) => lineOf(record(line), index + 1, map.lines, read))
  const totals = totalsOf(source, map, lines, read)
  return {
    id: orderIdOf(context.provider, context.clientId, externalId),
    provider: context.provider,
    clientId: context.clientId,
    storeRef: field(map.storeRef, text),
    externalId,
    externalCode: field(map.externalCode, text),
    displayCode: field(map.displayCode, text),
    status: field(map.status, () => null) ?? 'pending',
    service: field(map.service, () => null) ?? 'delivery',
    deliveredBy: field(map.deliveredBy, () => null) ?? 'platform',
    scheduledFor: field(map.scheduledFor, toUtc),
    isTest: field(map.isTest, flag) ?? false,
    placedAt: field(map.placedAt, toUtc) ?? context.occurredAt,
    acceptBy: field(map.acceptBy, toUtc),
    pickupAt: field(map.pickupAt, toUtc),
    promisedAt: field(map.promisedAt, toUtc),
    customer: customerOf(source, map),
    address: addressOf(source, map),
    lines,
    totals,
    payment: {
      status: field(map.payment.status, () => null) ?? 'unknown',
      method: field(map.payment.method, () => null) ?? 'other',
    },
    note: field(map.note, text),
    totalsCheck: checkTotals(lines, totals, map.taxIsAdded === true),
    revision: 1,
  }
}

/** The order's own fields, and what surrounds it under names that begin with `@`. */
export function sourceOf(at: Path, data: unknown, context: OrderContext): Source {
  return {
    ...record(at === '' ? data : valueAt(data, at)),
    '@data': data,
    '@event': context.eventType,
    '@occurredAt': context.occurredAt,
    '@receivedAt': context.receivedAt,
    '@params': context.params,
  }
}

type AmountReader = {
  readonly currency: string | null
  one(value: unknown): Money | null
  at(source: Source, field: MoneyField | undefined): Money | null
}

function amountReader(form: MoneyForm, currency: string | null): AmountReader {
  const one = (value: unknown): Money | null => readAmount(form, value, currency)
  const none = currency === null || minorUnits(0, currency) === null ? null : zero(currency)
  const at = (source: Source, field: MoneyField | undefined): Money | null => {
    if (field === undefined) return null
    if (field === 'zero') return none
    if (typeof field === 'string') return one(valueAt(source, field))
    if (Array.isArray(field))
      return field.map((path) => one(valueAt(source, path))).find((money) => money !== null) ?? null
    if ('sum' in field) return none && sumMoney([none, ...field.sum.flatMap((path) => valuesAt(source, path)).map(one)])
    if ('when' in field)
      return field.is.includes(text(valueAt(source, field.when)) ?? '') ? one(valueAt(source, field.from)) : none
    return 'read' in field ? field.read(field.from.map((path) => one(valueAt(source, path)))) : null
  }
  return { currency, one, at }
}

/** Where every amount carries its currency, the grand total's is the order's. */
function currencyIn(source: Source, map: OrderMap): string | null {
  const { grandTotal } = map.totals
  if (typeof grandTotal !== 'string') return null
  const { currency_code: code, currency } = record(valueAt(source, grandTotal))
  return text(code ?? currency)
}

function lineOf(source: Source, n: number, map: LineMap, read: AmountReader): OrderLine {
  const quantity = readField(source, map.quantity, (value) => count(value)) ?? 1
  const unitPrice = read.at(source, map.unitPrice)
  const extras = map.modifiers
    ? valuesAt(source, map.modifiers.at).map((each) => extraOf(each, map.modifiers, read, 1))
    : []
  return {
    n,
    externalId: readField(source, map.externalId, text) ?? String(n),
    sku: readField(source, map.sku, text),
    name: readField(source, map.name, text),
    quantity,
    unitPrice,
    total:
      map.modifiersAre === 'added-per-unit'
        ? timesMoney(sumMoney([unitPrice, ...extras]), quantity)
        : sumMoney([read.at(source, map.total), ...(map.modifiersAre === 'added-once' ? extras : [])]),
    note: readField(source, map.note, text),
    modifiers: map.modifiers ? modifiersOf(source, map.modifiers.at, map.modifiers, read, 1) : [],
  }
}

function modifiersOf(
  source: Source,
  at: Path | readonly Path[],
  map: ModifierMap,
  read: AmountReader,
  depth: number,
): readonly Modifier[] {
  if (depth > MAX_MODIFIER_DEPTH) return []
  return allAt(source, at).map((each) => ({
    externalId: readField(each, map.externalId, text) ?? '',
    sku: readField(each, map.sku, text),
    name: readField(each, map.name, text),
    quantity: readField(each, map.quantity, (value) => count(value)) ?? 1,
    unitPrice: read.at(each, map.unitPrice),
    modifiers: map.children === undefined ? [] : modifiersOf(each, map.children, map, read, depth + 1),
  }))
}

function allAt(source: Source, at: Path | readonly Path[]): readonly unknown[] {
  return typeof at === 'string' ? valuesAt(source, at) : at.flatMap((path) => valuesAt(source, path))
}

/** What a modifier adds to its line, its own modifiers included. */
function extraOf(source: Source, map: ModifierMap | undefined, read: AmountReader, depth: number): Money | null {
  if (map === undefined) return null
  const quantity = readField(source, map.quantity, (value) => count(value)) ?? 1
  const own = read.at(source, map.total) ?? timesMoney(read.at(source, map.unitPrice), quantity)
  if (map.children === undefined || depth >= MAX_MODIFIER_DEPTH) return own
  return sumMoney([own, ...allAt(source, map.children).map((child) => extraOf(child, map, read, depth + 1))])
}

function totalsOf(source: Source, map: OrderMap, lines: readonly OrderLine[], read: AmountReader): OrderTotals {
  const { totals } = map
  return {
    items: read.at(source, totals.items) ?? sumMoney(lines.map(({ total }) => total)),
    discount: read.at(source, totals.discount),
    deliveryFee: read.at(source, totals.deliveryFee),
    serviceFee: read.at(source, totals.serviceFee),
    tip: read.at(source, totals.tip),
    tax: read.at(source, totals.tax),
    grandTotal: read.at(source, totals.grandTotal),
    collectOnDelivery: read.at(source, totals.collectOnDelivery),
  }
}

function customerOf(source: Source, { customer, country }: OrderMap): Order['customer'] {
  if (customer === undefined) return null
  const phone = readField(source, customer.phone, text)
  return {
    name: readField(source, customer.name, text),
    phone:
      phone === null
        ? null
        : {
            e164: toE164(phone, readField(source, country, text)),
            accessCode: readField(source, customer.accessCode, text),
            masked: customer.masked ?? false,
          },
    email: readField(source, customer.email, text),
  }
}

function addressOf(source: Source, { address }: OrderMap): Order['address'] {
  if (address === undefined || !isRecord(valueAt(source, address.at))) return null
  return {
    text: readField(source, address.text, text),
    lat: readField(source, address.lat, coordinate),
    lng: readField(source, address.lng, coordinate),
    note: readField(source, address.note, text),
  }
}

/**
 * Whether the lines add up to the items total, and items, fees and discount to the grand total. `unknown` when a figure
 * is missing; a mismatch is told, never a reason to refuse.
 */
function checkTotals(lines: readonly OrderLine[], totals: OrderTotals, taxIsAdded: boolean): Order['totalsCheck'] {
  const { items, grandTotal } = totals
  const lineSum = sumMoney(lines.map(({ total }) => total))
  if (items === null || grandTotal === null || lineSum === null) return 'unknown'
  const fees = [totals.deliveryFee, totals.serviceFee, totals.tip, ...(taxIsAdded ? [totals.tax] : [])]
  const expected = [items, ...fees].reduce<Money | null>(addMoney, null)
  const discounted = expected === null ? null : expected.amount - (totals.discount?.amount ?? 0)
  return lineSum.amount === items.amount && discounted === grandTotal.amount ? 'ok' : 'mismatch'
}
