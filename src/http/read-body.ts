import type { HttpResponse as UwsResponse } from 'uWebSockets.js'
import type { BodyFailure } from './http.js'

/**
 * uWebSockets.js cuts, without an answer, a peer that sends less than 16 KB/s for about 10 s. We look before it does,
 * so that such a peer is told 408 (docs/decisions/0005-slow-bodies.md).
 */
export const STALL_CHECK_MS = 7_000
const MIN_BYTES_PER_CHECK = 16 * 1024 * (STALL_CHECK_MS / 1_000)

export type BodyResult =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly failure: BodyFailure }

export type BodyLimits = {
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly contentLength: number | undefined
}

/**
 * Reads a body whole. `done` is called once; never after the peer went away (`isGone`), which the caller watches itself.
 * A declared length over the limit is refused before a byte is read. What a refused sender still sends is dropped.
 */
export function readBody(
  res: UwsResponse,
  limits: BodyLimits,
  isGone: () => boolean,
  done: (result: BodyResult) => void,
): void {
  if (limits.contentLength !== undefined && limits.contentLength > limits.maxBytes) {
    done({ ok: false, failure: 'too-large' })
    return
  }
  let chunks: Buffer[] = []
  let length = 0
  let settled = false
  let lengthAtLastCheck = 0
  let stallTimer: NodeJS.Timeout | undefined
  let deadline: NodeJS.Timeout | undefined
  const settle = (result: BodyResult): void => {
    settled = true
    chunks = []
    clearInterval(stallTimer)
    clearTimeout(deadline)
    if (!isGone()) done(result)
  }
  const startTimers = (): void => {
    deadline = setTimeout(() => settle({ ok: false, failure: 'timeout' }), limits.timeoutMs)
    stallTimer = setInterval(() => {
      if (isGone() || length - lengthAtLastCheck < MIN_BYTES_PER_CHECK) settle({ ok: false, failure: 'timeout' })
      lengthAtLastCheck = length
    }, STALL_CHECK_MS)
  }
  res.onData((chunk, isLast) => {
    if (settled) return
    length += chunk.byteLength
    if (length > limits.maxBytes) return settle({ ok: false, failure: 'too-large' })
    // uWebSockets.js detaches the chunk when this callback returns: copy it. Nearly every body is one chunk.
    if (isLast && chunks.length === 0) return settle({ ok: true, body: Buffer.from(Buffer.from(chunk)) })
    chunks.push(Buffer.from(Buffer.from(chunk)))
    if (isLast) return settle({ ok: true, body: Buffer.concat(chunks) })
    if (deadline === undefined) startTimers()
  })
  // A sender that never sends its first byte is held to the same time.
  if (!settled) startTimers()
}
