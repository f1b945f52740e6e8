/** Proxies and servers take a connection that says nothing for dead. */
const PING_MS = 5_000
const PING = ':\n\n'
/** Node's timers reach no further; nor does any stream. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * A stream of server-sent events with a comment in every silence. Ends when the server goes, and when the caller's token
 * does: the client connects again, elsewhere or with another token, and goes on after its last cursor.
 */
export async function* eventStream(
  body: ReadableStream<Uint8Array>,
  ends: { readonly signal: AbortSignal; readonly afterMs: number },
): AsyncGenerator<string | Uint8Array, void> {
  const reader = body.getReader()
  // Cancelling ends the operation behind it, and with it a read that waits.
  const end = (): void => void reader.cancel().catch(() => undefined)
  const timer = setTimeout(end, Math.min(Math.max(0, ends.afterMs), MAX_TIMER_MS))
  ends.signal.addEventListener('abort', end, { once: true })
  try {
    let reading = reader.read()
    for (;;) {
      const next = await orSilence(reading)
      if (next === 'silence') {
        yield PING
        continue
      }
      if (next.done) return
      yield next.value
      reading = reader.read()
    }
  } finally {
    clearTimeout(timer)
    ends.signal.removeEventListener('abort', end)
    end()
  }
}

async function orSilence<T>(reading: Promise<T>): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(resolve, PING_MS, 'silence')
  })
  try {
    return await Promise.race([reading, silence])
  } finally {
    clearTimeout(timer)
  }
}
