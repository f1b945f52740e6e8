import { z } from 'zod'
import { ApiError } from './errors.js'
import type { LogPosition } from './ports.js'

const positionSchema = z.tuple([z.literal('log'), z.iso.datetime(), z.string().min(1).max(100)])

/** A log's place in the list, opaque to callers. */
export function encodeCursor({ timestamp, id }: LogPosition): string {
  return Buffer.from(JSON.stringify(['log', timestamp, id])).toString('base64url')
}

/** Throws BAD_USER_INPUT on a text we did not write. */
export function decodeCursor(cursor: string): LogPosition {
  try {
    const [, timestamp, id] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { timestamp, id }
  } catch {
    // Not ours, or of another list.
    throw new ApiError('BAD_USER_INPUT', 'The cursor is not of this list')
  }
}

export const MAX_PAGE = 100

/** Throws BAD_USER_INPUT outside 1…100. */
export function checkPageSize(size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${MAX_PAGE} entries`)
  return size
}
