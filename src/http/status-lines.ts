import { STATUS_CODES } from 'node:http'

/** `404` → `404 Not Found`, as uWebSockets.js wants it written. */
export const STATUS_LINES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(STATUS_CODES).map(([code, reason]) => [Number(code), `${code} ${reason}`]),
)
