import { ApiError } from '../errors.js'

const MIN_INTERVAL_MS = 250
const MAX_INTERVAL_MS = 60_000

/** How often a subscription may look. Throws BAD_USER_INPUT out of bounds. */
export function checkInterval(intervalMs: number): number {
  if (intervalMs < MIN_INTERVAL_MS || intervalMs > MAX_INTERVAL_MS)
    throw new ApiError('BAD_USER_INPUT', `intervalMs must be ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}`)
  return intervalMs
}
