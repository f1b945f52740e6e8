import { text, toUtc, words } from '../read.js'
import { isOfMany, type Path, valueAt, valuesAt } from './path.js'

/** Where a canonical field comes from. */
export type Field<T> =
  /** One place, or the first of several that holds something. */
  | Path
  | readonly Path[]
  /** Worked out from one or more places; a path through a list gives all its values. */
  | { readonly from: Path | readonly Path[]; readonly read: (...values: readonly unknown[]) => T | null }
  /** Looked up by the word found; a word the table does not have gives null. */
  | { readonly from: Path; readonly table: Readonly<Record<string, T>> }
  /** A time some while after the one found: a deadline. */
  | { readonly from: Path; readonly plusMs: number }
  /** A time written as Unix seconds, as a number or its text. */
  | { readonly from: Path; readonly unix: 'seconds' | 'milliseconds' }
  /** The words found at several places, in order, with a space between. */
  | { readonly join: readonly Path[] }
  /** Always the same. */
  | { readonly value: T }

/**
 * The JSON a map reads: the event's own data, with what surrounds it under names no platform uses:
 * `@event`, `@occurredAt`, `@receivedAt`, `@params.…` (of the URL's path) and `@data.…` (the whole body, where the map is
 * about a part of it).
 */
export type Source = unknown

/** Reads a field with the reader that its kind has (text, time, money …); null for what is missing or not readable. Never throws. */
export function readField<T>(
  source: Source,
  field: Field<T> | undefined,
  reader: (value: unknown) => T | null,
): T | null {
  if (field === undefined) return null
  if (typeof field === 'string') return reader(valueAt(source, field))
  if (isList(field)) {
    for (const path of field) {
      const value = reader(valueAt(source, path))
      if (value !== null) return value
    }
    return null
  }
  if ('value' in field) return field.value
  if ('join' in field) return reader(words(...field.join.map((path) => valueAt(source, path))))
  if ('plusMs' in field) return reader(later(toUtc(valueAt(source, field.from)), field.plusMs))
  if ('unix' in field) return reader(fromUnix(valueAt(source, field.from), field.unix === 'seconds' ? 1_000 : 1))
  if ('table' in field) return lookup(field.table, valueAt(source, field.from))
  const paths = isList(field.from) ? field.from : [field.from]
  return field.read(...paths.map((path) => (isOfMany(path) ? valuesAt(source, path) : valueAt(source, path))))
}

/** The places a field is read from; none for a constant. */
export function pathsOf(field: Field<unknown> | undefined): readonly Path[] {
  if (field === undefined) return []
  if (typeof field === 'string') return [field]
  if (isList(field)) return field
  if ('value' in field) return []
  if ('join' in field) return field.join
  return isList(field.from) ? field.from : [field.from]
}

function later(at: string | null, plusMs: number): string | null {
  return at === null ? null : timeOf(Date.parse(at) + plusMs)
}

function fromUnix(value: unknown, unitMs: number): string | null {
  const written = text(value)
  return written !== null && /^\d{1,13}(?:\.\d{1,9})?$/.test(written) ? timeOf(Number(written) * unitMs) : null
}

/** Null outside of what a date can be. */
function timeOf(ms: number): string | null {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? null : toUtc(at.toISOString())
}

/** A table's entry for a platform's word; null for one it does not have (also for `constructor` and its like). */
function lookup<T>(table: Readonly<Record<string, T>>, word: unknown): T | null {
  const key = typeof word === 'number' ? String(word) : word
  return typeof key === 'string' && Object.hasOwn(table, key) ? (table[key] ?? null) : null
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: unknown): value is readonly Path[] {
  return Array.isArray(value)
}
