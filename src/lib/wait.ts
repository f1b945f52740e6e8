/** Waits `ms`, or less when `signal` is aborted: then it resolves too, and the caller looks at the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}

/** Waits for `work`, at most `ms`; tells whether it was done by then. Throws what `work` throws within that time. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const over = new AbortController()
  // Whoever stopped waiting for it does not hear of its end either.
  work.catch(() => undefined)
  try {
    return await Promise.race([work.then(() => true), pause(ms, over.signal).then(() => false)])
  } finally {
    over.abort()
  }
}

/** A wake-up call between a producer and one waiting consumer; a call made while nobody waits is remembered. */
export type Bell = { ring(): void; wait(signal?: AbortSignal, timeoutMs?: number): Promise<void> }

export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring: () => {
      rung = true
      wake?.()
    },
    wait: (signal, timeoutMs) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined
        const done = (): void => {
          rung = false
          wake = undefined
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        if (rung || signal?.aborted) return done()
        wake = done
        signal?.addEventListener('abort', done, { once: true })
        if (timeoutMs !== undefined) timer = setTimeout(done, timeoutMs)
      }),
  }
}
