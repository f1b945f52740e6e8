/** Who goes first in this process: clients within their share, or what exceeds one. */
export type RightOfWay = {
  /** Work within a share begins; call the answer when it is done. */
  begin(): () => void
  /** Resolves when work beyond a share may begin: in a gap, one for each that ends, or after a second. */
  giveWay(): Promise<void>
  /** Does work in its turn: at once within a share, in a gap beyond one. */
  take<T>(isBeyond: boolean, work: () => Promise<T>): Promise<T>
}

/** Work that takes longer waits for somebody else (an endpoint, a platform): it needs no room here meanwhile. */
const COUNTS_FOR_MS = 50
/** Nobody waits longer. */
const MAX_WAIT_MS = 1_000
const LOOK_EVERY_MS = 20

/**
 * Lets what exceeds a client's share begin where it delays nobody: while nothing else is under way, one at a turn of the
 * event loop, so that no burst stands in the way of what comes next; while there is, one for each that ends, so that it
 * gets half of a busy process and never nothing.
 * @param now monotonic ms
 */
export function createRightOfWay(now: () => number): RightOfWay {
  /** When each began, the oldest first. */
  const underWay = new Map<symbol, number>()
  const waiting: { readonly since: number; go(): void }[] = []
  let isPumping = false
  let isLooking = false

  const isClear = (): boolean => {
    for (const [key, since] of underWay) {
      if (now() - since < COUNTS_FOR_MS) return false
      underWay.delete(key)
    }
    return true
  }
  const letOneGo = (): void => waiting.shift()?.go()
  const pump = (): void => {
    if (isPumping) return
    isPumping = true
    setImmediate(() => {
      isPumping = false
      if (isClear()) letOneGo()
      lookAgain()
    })
  }
  const lookAgain = (): void => {
    if (waiting.length === 0) return
    if (isClear()) return pump()
    if (isLooking) return
    isLooking = true
    setTimeout(() => {
      isLooking = false
      while (now() - (waiting[0]?.since ?? now()) > MAX_WAIT_MS) letOneGo()
      lookAgain()
    }, LOOK_EVERY_MS)
  }
  const begin = (): (() => void) => {
    const key = Symbol()
    underWay.set(key, now())
    return () => {
      if (underWay.delete(key)) letOneGo()
      lookAgain()
    }
  }
  const giveWay = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ since: now(), go: resolve })
      lookAgain()
    })
  return {
    begin,
    giveWay,
    take: async (isBeyond, work) => {
      if (isBeyond) {
        await giveWay()
        return work()
      }
      const end = begin()
      try {
        return await work()
      } finally {
        end()
      }
    },
  }
}
