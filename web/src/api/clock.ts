/** How far this machine's clock is behind the server's, ms: deadlines and charts go by the server's. */
let behindMs = 0

/** @param serverTime what the server said it was in an answer that came at `answeredAt` (ms of this machine) */
export function setServerClock(serverTime: string, answeredAt: number): void {
  behindMs = Date.parse(serverTime) - answeredAt
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + behindMs
}
