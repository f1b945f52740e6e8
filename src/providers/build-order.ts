import { orderIdOf } from '../domain/ids.js'
import { sumMoney } from '../domain/money.js'
import type { Money, Order, OrderTotals } from '../domain/order.js'
import type { ProviderName } from '../domain/provider.js'
import type { NormaliseContext } from './adapter.js'

/** The fields a provider's mapping gives; the rest is the same for all. */
export type OrderParts = Omit<
  Order,
  | 'id'
  | 'provider'
  | 'clientId'
  | 'totalsCheck'
  | 'revision'
  | 'scheduledFor'
  | 'isTest'
  | 'acceptBy'
  | 'pickupAt'
  | 'promisedAt'
> &
  Partial<Pick<Order, 'scheduledFor' | 'isTest' | 'acceptBy' | 'pickupAt' | 'promisedAt'>>

/** A whole canonical order from a provider's parts: ids, absent fields and the arithmetic check. */
export function buildOrder(provider: ProviderName, context: NormaliseContext, parts: OrderParts): Order {
  return {
    scheduledFor: null,
    isTest: false,
    acceptBy: null,
    pickupAt: null,
    promisedAt: null,
    ...parts,
    id: orderIdOf(provider, context.clientId, parts.externalId),
    provider,
    clientId: context.clientId,
    totalsCheck: checkTotals(
      parts.lines.map(({ total }) => total),
      parts.totals,
    ),
    revision: 1,
  }
}

/** Totals with nothing known; a mapping overrides what its platform tells. */
export const NO_TOTALS: OrderTotals = {
  items: null,
  discount: null,
  deliveryFee: null,
  serviceFee: null,
  tip: null,
  tax: null,
  grandTotal: null,
  collectOnDelivery: null,
}

/**
 * Whether the lines add up to the items total, and items, fees and discount to the grand total. Prices include tax in
 * our markets. `unknown` when a figure is missing; a mismatch is told, never a reason to refuse.
 */
function checkTotals(lines: readonly (Money | null)[], totals: OrderTotals): Order['totalsCheck'] {
  const items = totals.items ?? null
  const lineSum = sumMoney(lines)
  if (items === null || totals.grandTotal === null || lineSum === null) return 'unknown'
  const amount = (money: Money | null): number => money?.amount ?? 0
  const expected =
    items.amount - amount(totals.discount) + amount(totals.deliveryFee) + amount(totals.serviceFee) + amount(totals.tip)
  return lineSum.amount === items.amount && expected === totals.grandTotal.amount ? 'ok' : 'mismatch'
}
