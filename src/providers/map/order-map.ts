import type { Customer, Money, Order, OrderStatus, OrderTotals } from '../../domain/order.js'
import type { Field } from './field.js'
import type { Path } from './path.js'

/**
 * How a platform writes money: `decimal` in major units, as text or number; `minor` as an integer of minor units;
 * `fractional` as `{fractional, currency_code}` and `amount` as `{amount, currency_code}`, both in minor units; `value` as
 * `{value, currency}` in major units.
 */
export type MoneyForm = 'decimal' | 'minor' | 'fractional' | 'amount' | 'value'

/** Where an amount comes from. */
export type MoneyField =
  | Path
  | readonly Path[]
  /** Everything at these places added up; zero where there is nothing. */
  | { readonly sum: readonly Path[] }
  /** The amount at a place if a word is among these, zero otherwise: cash to collect. */
  | { readonly from: Path; readonly when: Path; readonly is: readonly string[] }
  | { readonly from: readonly Path[]; readonly read: (amounts: readonly (Money | null)[]) => Money | null }
  | 'zero'

export type ModifierMap = {
  /** From the line, through what groups there are, to every modifier. */
  readonly at: Path
  /** From a modifier to its own modifiers; none where left out. */
  readonly children?: Path | readonly Path[]
  readonly externalId: Field<string>
  readonly sku?: Field<string>
  readonly name?: Field<string>
  readonly quantity?: Field<number>
  readonly unitPrice?: MoneyField
  /** What the modifier adds to its line; `unitPrice` × `quantity` where left out. */
  readonly total?: MoneyField
}

export type LineMap = {
  readonly at: Path
  readonly externalId: Field<string>
  readonly sku?: Field<string>
  readonly name?: Field<string>
  readonly quantity: Field<number>
  readonly unitPrice?: MoneyField
  readonly total?: MoneyField
  /** What `total` (or, for `per-unit`, the unit price) leaves out: nothing; the modifiers once a line; the modifiers once a piece. */
  readonly modifiersAre: 'included' | 'added-once' | 'added-per-unit'
  readonly note?: Field<string>
  readonly modifiers?: ModifierMap
}

/** One platform's order as a table: canonical field → where it is in the platform's JSON. Paths start at the order. */
export type OrderMap = {
  /** Where the order is in the event's data; empty for the data itself. */
  readonly at: Path
  readonly money: MoneyForm
  /** ISO 4217; not needed where each amount carries its own. */
  readonly currency?: Field<string>
  /** ISO 3166 alpha-2, for phone numbers written the national way. */
  readonly country?: Field<string>
  readonly externalId: Field<string>
  readonly externalCode?: Field<string>
  readonly displayCode?: Field<string>
  readonly storeRef?: Field<string>
  /** The status the order came with; `pending` where left out or unknown. */
  readonly status?: Field<OrderStatus>
  readonly service: Field<Order['service']>
  readonly deliveredBy: Field<Order['deliveredBy']>
  readonly scheduledFor?: Field<string>
  readonly isTest?: Field<boolean>
  /** The event's time where left out or not readable. */
  readonly placedAt?: Field<string>
  readonly acceptBy?: Field<string>
  readonly pickupAt?: Field<string>
  readonly promisedAt?: Field<string>
  readonly customer?: {
    readonly name?: Field<string>
    readonly phone?: Field<string>
    readonly accessCode?: Field<string>
    /** The number is the platform's own line. */
    readonly masked?: NonNullable<Customer['phone']>['masked']
    readonly email?: Field<string>
  }
  readonly address?: {
    /** No address where nothing is here. */
    readonly at: Path
    readonly text?: Field<string>
    readonly lat?: Field<number>
    readonly lng?: Field<number>
    readonly note?: Field<string>
  }
  readonly lines: LineMap
  /** `items` is the sum of the lines where left out. */
  readonly totals: Readonly<Partial<Record<keyof OrderTotals, MoneyField>>>
  /** Whether tax comes on top of the prices (it is contained in them in most of our markets). */
  readonly taxIsAdded?: boolean
  readonly payment: {
    readonly status: Field<Order['payment']['status']>
    readonly method: Field<Order['payment']['method']>
  }
  readonly note?: Field<string>
}
