import type { HttpResponse as UwsResponse } from 'uWebSockets.js'
import type { BodyFailure } from './http.js'

/**
 * uWebSockets.js cuts, without an answer, a peer that sends less than 16 KB/s for about 10 s. We look before it does,
 * so that such a peer is told 408 (docs/decisions/0005-slow-bodies.md).
 */
export const STALL_CHECK_MS = 7_000
/** How often bodies under way are looked at. */
const SWEEP_MS = 500
const MIN_BYTES_PER_CHECK = 16 * 1024 * (STALL_CHECK_MS / 1_000)

export type BodyResult =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly failure: BodyFailure }

export type BodyLimits = { readonly maxBytes: number; readonly contentLength: number | undefined }

/** Reads request bodies whole, and holds all of them to the same time with one timer. */
export type BodyReader = {
  /**
   * `done` is called once; never after `request.isOver`, which the caller watches itself. A declared length over the limit
   * is refused before a byte is read. What a refused sender still sends is dropped.
   */
  read(
    res: UwsResponse,
    limits: BodyLimits,
    request: { readonly isOver: boolean },
    done: (result: BodyResult) => void,
  ): void
  close(): void
}

/** A body under way. */
type Pending = {
  readonly startedAt: number
  readonly settle: (result: BodyResult) => void
  readonly request: { readonly isOver: boolean }
  length: number
  checkedAt: number
  lengthAtCheck: number
}

/** @param options.timeoutMs a body must be complete within this time */
export function createBodyReader({ timeoutMs }: { readonly timeoutMs: number }): BodyReader {
  const underWay = new Set<Pending>()
  const sweep = setInterval(
    () => {
      const now = performance.now()
      for (const pending of underWay) if (isTooSlow(pending, now, timeoutMs)) pending.settle(TIMEOUT)
    },
    Math.min(SWEEP_MS, timeoutMs / 4),
  )
  sweep.unref()
  const read: BodyReader['read'] = (res, { maxBytes, contentLength }, request, done) => {
    if (contentLength !== undefined && contentLength > maxBytes) return done(TOO_LARGE)
    let chunks: Buffer[] = []
    const startedAt = performance.now()
    const settle = (result: BodyResult): void => {
      underWay.delete(pending)
      chunks = []
      if (!request.isOver) done(result)
    }
    const pending: Pending = { startedAt, settle, request, length: 0, checkedAt: startedAt, lengthAtCheck: 0 }
    underWay.add(pending)
    res.onData((chunk, isLast) => {
      if (!underWay.has(pending)) return
      pending.length += chunk.byteLength
      if (pending.length > maxBytes) return settle(TOO_LARGE)
      // uWebSockets.js detaches the chunk when this callback returns: copy it. Nearly every body is one chunk.
      const copy = Buffer.from(Buffer.from(chunk))
      if (isLast) return settle({ ok: true, body: chunks.length === 0 ? copy : Buffer.concat([...chunks, copy]) })
      chunks.push(copy)
    })
  }
  return { read, close: () => clearInterval(sweep) }
}

const TIMEOUT: BodyResult = { ok: false, failure: 'timeout' }
const TOO_LARGE: BodyResult = { ok: false, failure: 'too-large' }

/** Also true for a peer that has gone: it is swept out with the slow ones. */
function isTooSlow(pending: Pending, now: number, timeoutMs: number): boolean {
  if (pending.request.isOver || now - pending.startedAt >= timeoutMs) return true
  if (now - pending.checkedAt < STALL_CHECK_MS) return false
  const received = pending.length - pending.lengthAtCheck
  pending.checkedAt = now
  pending.lengthAtCheck = pending.length
  return received < MIN_BYTES_PER_CHECK
}
