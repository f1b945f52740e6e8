import { hash } from 'node:crypto'
import type { Viewer } from '../auth.js'
import { ApiError } from '../errors.js'

/** Throws BAD_USER_INPUT on a key that is none. */
export function checkIdempotencyKey(key: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new ApiError('BAD_USER_INPUT', 'An idempotency key is 1 to 200 printable characters without spaces')
  return key
}

/**
 * The id of what a key makes: the same caller's same key is the same thing, whichever instance it reaches and however
 * often, so nothing else needs to be remembered. Another client's key is another thing.
 * @param prefix names what it identifies ("wh", "rpl")
 */
export function idOfKey(prefix: string, { client }: Viewer, key: string): string {
  return `${prefix}_${hash('sha256', JSON.stringify([prefix, client ?? null, key]), 'hex').slice(0, 32)}`
}
