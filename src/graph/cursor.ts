import { z } from 'zod'
import { ApiError } from './errors.js'
import type { Page, Position } from './ports.js'

/** The lists that are read page by page. A cursor of one is refused by the others. */
export type ListName = 'log' | 'order' | 'menu' | 'audit' | 'replay' | 'dead-letter' | 'client'

const positionSchema = z.tuple([z.string(), z.iso.datetime(), z.string().min(1).max(100)])

/** A place in a list, opaque to callers. It names what stands there, so it holds while the list grows or shrinks. */
export function encodeCursor(list: ListName, { at, id }: Position): string {
  return Buffer.from(JSON.stringify([list, at, id])).toString('base64url')
}

/** Throws BAD_USER_INPUT on a text we did not write, or wrote for another list. */
export function decodeCursor(list: ListName, cursor: string): Position {
  try {
    const [name, at, id] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (name === list) return { at, id }
  } catch {
    // Not ours: told the same as one of another list.
  }
  throw new ApiError('BAD_USER_INPUT', 'The cursor is not of this list')
}

export const MAX_PAGE = 100
const DEFAULT_PAGE = 20

/** Throws BAD_USER_INPUT outside 1…100. */
export function checkPageSize(size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${MAX_PAGE} entries`)
  return size
}

/** What `first` and `after` ask for. Throws BAD_USER_INPUT on either. */
export function pageOf(
  list: ListName,
  args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
): Page {
  const limit = checkPageSize(args.first ?? DEFAULT_PAGE)
  return { limit, ...(args.after != null && { after: decodeCursor(list, args.after) }) }
}
