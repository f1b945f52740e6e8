import type { HttpResponse as UwsResponse } from 'uWebSockets.js'
import type { HttpResponse } from './http.js'
import { STATUS_LINES } from './status-lines.js'

/** A peer that takes nothing for so long is let go. */
const STALL_MS = 30_000

/** What is known of the request while its answer goes on. */
export type Streaming = { readonly isOver: boolean; readonly signal: AbortSignal }

/**
 * Sends an answer that comes in parts. Each waits until the peer has taken the one before; uWebSockets.js's response
 * object is not touched once the peer has gone. Rejects with what the stream threw, having closed the connection.
 */
export async function sendStream(
  res: UwsResponse,
  response: HttpResponse & { readonly stream: AsyncIterable<string | Uint8Array> },
  request: Streaming,
): Promise<void> {
  const chunks = response.stream[Symbol.asyncIterator]()
  // A stream that waits for something to happen ends at once when the peer goes.
  const leave = (): void => void chunks.return?.()
  // Once for the whole answer: a handler set while another runs is lost (uWebSockets.js puts the running one back).
  const drained = createBell()
  res.onWritable(() => {
    drained.ring()
    return true
  })
  request.signal.addEventListener('abort', leave, { once: true })
  try {
    res.cork(() => {
      res.writeStatus(STATUS_LINES[response.status] ?? String(response.status))
      for (const name in response.headers) res.writeHeader(name, response.headers[name] ?? '')
    })
    for (;;) {
      const next = await chunks.next()
      if (request.isOver) return
      if (next.done === true) return void res.cork(() => res.end())
      if (!write(res, next.value, drained) && !(await taken(res, drained, request))) return
    }
  } catch (error) {
    // The head is out: an answer that breaks off tells the peer that it is not whole.
    if (request.isOver) return
    res.close()
    throw error
  } finally {
    request.signal.removeEventListener('abort', leave)
    await chunks.return?.()
  }
}

/** Whether the peer's connection took all of it. */
function write(res: UwsResponse, chunk: string | Uint8Array, drained: Bell): boolean {
  drained.reset()
  let isTaken = true
  res.cork(() => {
    isTaken = res.write(chunk)
  })
  return isTaken
}

/** Whether the peer has taken what was written; false when it has gone, or took nothing for too long. */
async function taken(res: UwsResponse, drained: Bell, request: Streaming): Promise<boolean> {
  const isDrained = await drained.wait(STALL_MS, request.signal)
  if (!isDrained && !request.isOver) res.close()
  return isDrained && !request.isOver
}

type Bell = { ring(): void; reset(): void; wait(ms: number, signal: AbortSignal): Promise<boolean> }

/** Rung when the connection has drained since the last write; `wait` gives false when it did not in time. */
function createBell(): Bell {
  let isRung = false
  let wake: (() => void) | undefined
  return {
    ring: () => {
      isRung = true
      wake?.()
    },
    reset: () => {
      isRung = false
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          wake = undefined
          resolve(isRung)
        }
        const timer = setTimeout(done, ms)
        wake = done
        if (isRung || signal.aborted) return done()
        signal.addEventListener('abort', done, { once: true })
      }),
  }
}
