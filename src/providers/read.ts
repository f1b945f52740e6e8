/**
 * Lenient readers of platforms' JSON: what is missing or of another type is null, never an exception, so that one odd
 * field does not cost an order.
 */
export type Json = Readonly<Record<string, unknown>>

const EMPTY: Json = Object.freeze({})

export function record(value: unknown): Json {
  return isRecord(value) ? value : EMPTY
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Text as sent; a number's decimal text (ids come as either); empty is null. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** A whole count of at least 0, given as a number or its text. */
export function count(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) && Number(number) >= 0 ? Number(number) : null
}

export function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** A coordinate, given as a number or its text. */
export function coordinate(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Words joined; null when none is left. */
export function words(...parts: readonly unknown[]): string | null {
  return (
    parts
      .map(text)
      .filter((part) => part !== null)
      .join(' ') || null
  )
}

/** A table's entry for a platform's word; undefined for one it does not have (also for `constructor` and its like). */
export function lookup<T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined {
  const key = text(word)
  return key !== null && Object.hasOwn(table, key) ? table[key] : undefined
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/i

/** RFC 3339 UTC with milliseconds; a time without an offset is UTC. Null for what is no date (Date itself reads far more as one). */
export function toUtc(text: unknown): string | null {
  if (typeof text !== 'string' || !ISO_TIME.test(text)) return null
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`
  const at = new Date(zoned)
  // An offset can push the first or the last year out of four digits.
  return Number.isNaN(at.getTime()) || /^[+-]/.test(at.toISOString()) ? null : at.toISOString()
}
