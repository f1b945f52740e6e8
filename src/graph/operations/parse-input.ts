import type { z } from 'zod'
import { ApiError } from '../errors.js'

/** Parses a caller's input; throws BAD_USER_INPUT naming every field that does not fit. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new ApiError(
    'BAD_USER_INPUT',
    details.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    details,
  )
}
