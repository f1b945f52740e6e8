import { pause } from '../../lib/wait.js'

/**
 * What `read` gives now, and again whenever it has changed, asked for every `intervalMs` until `isLast`. Returning the
 * iterator ends it at once, also while it waits.
 */
export function poll<T>(
  read: () => Promise<T>,
  options: { readonly intervalMs: number; isLast?(found: T): boolean },
): AsyncIterableIterator<T> {
  const stopping = new AbortController()
  const found = follow(read, options, stopping.signal)
  return {
    next: () => found.next(),
    return: () => {
      stopping.abort()
      return found.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* follow<T>(
  read: () => Promise<T>,
  { intervalMs, isLast }: { readonly intervalMs: number; isLast?(found: T): boolean },
  signal: AbortSignal,
): AsyncGenerator<T, undefined> {
  let seen: string | undefined
  while (!signal.aborted) {
    const found = await read()
    const now = JSON.stringify(found)
    if (now !== seen && !signal.aborted) yield found
    seen = now
    if (isLast?.(found)) return
    await pause(intervalMs, signal)
  }
  return
}
