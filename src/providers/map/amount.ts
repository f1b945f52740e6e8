import { minorUnits, parseMoney } from '../../domain/money.js'
import type { Money } from '../../domain/order.js'
import { isRecord, record, text } from '../read.js'
import type { MoneyForm } from './order-map.js'

/** An amount as a platform writes it; null for what is none. @param currency of amounts that do not carry their own */
export function readAmount(form: MoneyForm, value: unknown, currency: string | null): Money | null {
  switch (form) {
    case 'decimal':
      return parseMoney(value, currency ?? '')
    case 'minor':
      return minorUnits(value, currency)
    case 'fractional':
      return minorUnits(record(value).fractional, record(value).currency_code)
    case 'amount':
      return minorUnits(record(value).amount, record(value).currency_code)
    case 'value':
      // Beside such amounts Open Delivery has bare numbers, which are of the order's currency.
      return isRecord(value) ? parseMoney(value.value, text(value.currency) ?? '') : parseMoney(value, currency ?? '')
  }
}
