import type { StreamConnection } from './connection.js'

const EVERY_MS = 1_000
const GONE_AFTER_MS = 3_500

/** How many processes of a kind are there now, this one among them: each says so once a second. */
export type Peers = { count(): number; close(): void }

export function joinPeers({ nc }: StreamConnection, subject: string, holder: string): Peers {
  const seen = new Map<string, number>()
  const subscription = nc.subscribe(subject, {
    callback: (_, message) => {
      seen.set(message.string(), performance.now())
    },
  })
  const say = (): void => {
    if (!nc.isClosed()) nc.publish(subject, holder)
  }
  const timer = setInterval(say, EVERY_MS)
  say()
  return {
    count: () => {
      for (const [name, at] of seen) if (performance.now() - at > GONE_AFTER_MS) seen.delete(name)
      return Math.max(1, seen.size)
    },
    close: () => {
      clearInterval(timer)
      subscription.unsubscribe()
    },
  }
}
