import { isUtf8 } from 'node:buffer'

/** Deeper nesting is no order; it is refused before anything walks the value recursively. */
export const MAX_DEPTH = 64

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'not-json' | 'too-deep'; readonly message: string }

/** Parses JSON from the wire: strict UTF-8 without a byte-order mark, bounded nesting. Never throws. */
export function parseJson(body: Uint8Array): JsonResult {
  if (depthOf(body) > MAX_DEPTH)
    return { ok: false, reason: 'too-deep', message: `The body is nested deeper than ${MAX_DEPTH} levels` }
  if (!isUtf8(body)) return { ok: false, reason: 'not-json', message: 'The body is not valid UTF-8' }
  try {
    return { ok: true, value: JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) }
  } catch {
    // SyntaxError; a byte-order mark is one too.
    return { ok: false, reason: 'not-json', message: 'The body is not valid JSON' }
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The deepest nesting of brackets outside strings; one pass, no recursion, in one function (it sees every byte of every request). */
function depthOf(body: Uint8Array): number {
  const { length } = body
  let depth = 0
  let deepest = 0
  for (let index = 0; index < length; index += 1) {
    const byte = body[index] as number // within bounds
    if (byte === QUOTE) {
      index += 1
      while (index < length && body[index] !== QUOTE) index += body[index] === BACKSLASH ? 2 : 1
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1
  }
  return deepest
}
