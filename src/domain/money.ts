import type { Money } from './order.js'

/** ISO 4217 currencies whose minor unit is not a hundredth. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  CLF: 4,
  UYW: 4,
}

/** Decimal places of a currency's minor unit (ISO 4217). */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2
}

export function isCurrency(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Z]{3}$/.test(text)
}

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,18}))?$/

/**
 * An amount from its decimal text in major units ("7.250" KWD is 7250), never through floating point; a number is read by
 * its shortest decimal text: JSON.parse and String undo each other exactly for up to 15 significant digits (7.250 comes
 * back as "7.25"), more than any order has; the raw payload keeps the digits as sent. Null for what is not an amount of that currency: other notations, too many decimals, out of range.
 */
export function parseMoney(value: unknown, currency: string): Money | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const [matched, sign, whole = '', fraction = ''] = DECIMAL.exec(String(value).trim()) ?? []
  if (matched === undefined || !isCurrency(currency)) return null
  const exponent = exponentOf(currency)
  if (/[1-9]/.test(fraction.slice(exponent))) return null
  const amount = Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'))
  if (!Number.isSafeInteger(amount)) return null
  return { amount: sign === '-' && amount !== 0 ? -amount : amount, currency }
}

/** An amount that already is in minor units. */
export function minorUnits(value: unknown, currency: unknown): Money | null {
  return Number.isSafeInteger(value) && isCurrency(currency) ? { amount: Number(value), currency } : null
}

/** The sum of amounts of one currency; null when one is missing or they differ in currency. */
export function sumMoney(amounts: readonly (Money | null)[]): Money | null {
  let sum: Money | null = null
  for (const money of amounts) {
    if (money === null || (sum !== null && sum.currency !== money.currency)) return null
    sum = sum === null ? money : exact(sum.amount + money.amount, sum.currency)
    if (sum === null) return null
  }
  return sum
}

export function timesMoney(money: Money | null, factor: number): Money | null {
  return money === null ? null : exact(money.amount * factor, money.currency)
}

/** Null for what integers no longer hold exactly. */
function exact(amount: number, currency: string): Money | null {
  return Number.isSafeInteger(amount) ? { amount, currency } : null
}

export function zero(currency: string): Money {
  return { amount: 0, currency }
}

/** One more amount, where there is one; null where the currencies differ. For sums in which a missing part counts nothing. */
export function addMoney(sum: Money | null, money: Money | null): Money | null {
  if (sum === null || money === null) return sum ?? money
  return sum.currency === money.currency ? exact(sum.amount + money.amount, sum.currency) : null
}
