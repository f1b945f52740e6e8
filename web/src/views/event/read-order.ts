type Amount = { readonly amount: number; readonly currency: string }

export type CanonicalOrder = {
  readonly externalId: string
  readonly displayCode: string | null
  readonly placedAt: string | null
  readonly acceptBy: string | null
  readonly customerName: string | null
  readonly note: string | null
  readonly lines: readonly {
    readonly n: number
    readonly quantity: number
    readonly name: string
    readonly total: Amount | null
  }[]
  readonly grandTotal: Amount | null
}

/** The order within a canonical event, as far as it is one: `canonical` is JSON without a type in the schema. */
export function readOrder(canonical: unknown): CanonicalOrder | undefined {
  const order = field(field(canonical, 'data'), 'order')
  const externalId = text(field(order, 'externalId'))
  if (externalId === null) return undefined
  const lines = field(order, 'lines')
  return {
    externalId,
    displayCode: text(field(order, 'displayCode')),
    placedAt: text(field(order, 'placedAt')),
    acceptBy: text(field(order, 'acceptBy')),
    customerName: text(field(field(order, 'customer'), 'name')),
    note: text(field(order, 'note')),
    lines: (Array.isArray(lines) ? lines : []).map((line: unknown, index) => ({
      n: index + 1,
      quantity: Number(field(line, 'quantity') ?? 1),
      name: text(field(line, 'name')) ?? text(field(line, 'sku')) ?? text(field(line, 'externalId')) ?? '–',
      total: amount(field(line, 'total')) ?? amount(field(line, 'unitPrice')),
    })),
    grandTotal: amount(field(field(order, 'totals'), 'grandTotal')),
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function amount(value: unknown): Amount | null {
  const [minor, currency] = [field(value, 'amount'), text(field(value, 'currency'))]
  return typeof minor === 'number' && currency !== null ? { amount: minor, currency } : null
}
