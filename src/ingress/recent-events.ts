/** The events this process accepted last, so that a prompt resend can be told it is one. Dispatch is what really finds duplicates. */
export type RecentEvents = {
  /** Remembers the event; true when it was already known. */
  add(eventId: string): boolean
}

/** @param capacity ids kept; the oldest is forgotten first */
export function createRecentEvents(capacity: number): RecentEvents {
  const seen = new Set<string>()
  return {
    add: (eventId) => {
      if (seen.has(eventId)) return true
      seen.add(eventId)
      if (seen.size > capacity) for (const oldest of seen) return !seen.delete(oldest)
      return false
    },
  }
}
