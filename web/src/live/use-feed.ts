import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { serverNow } from '../api/clock'
import type { Feed, FeedSnapshot } from './feed'
import type { Second } from './rates'

export const FeedContext = createContext<Feed | null>(null)

export function useFeed(): Feed {
  const feed = useContext(FeedContext)
  if (feed === null) throw new Error('no feed above this component')
  return feed
}

export function useFeedSnapshot(): FeedSnapshot {
  const feed = useFeed()
  return useSyncExternalStore(feed.onChange, feed.snapshot)
}

/** The last five minutes, anew every second, and at once when the minutes before are known. */
export function useRates(): readonly Second[] {
  const feed = useFeed()
  const isRated = useSyncExternalStore(feed.onChange, () => feed.snapshot().isRated)
  const [seconds, setSeconds] = useState(() => feed.rates.window(serverNow()))
  // biome-ignore lint/correctness/useExhaustiveDependencies: what `isRated` tells of has changed the rates
  useEffect(() => {
    const draw = (): void => setSeconds(feed.rates.window(serverNow()))
    draw()
    const timer = setInterval(draw, 1_000)
    return () => clearInterval(timer)
  }, [feed, isRated])
  return seconds
}

/** The server's time, anew every second: what counts down draws with it. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
