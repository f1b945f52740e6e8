/** How far this machine's clock is behind the server's, ms: deadlines and charts go by the server's. */
let behindMs = 0

/** @param serverTime what the server said it was, asked at `askedAt` and answered at `answeredAt` (ms of this machine) */
export function setServerClock(serverTime: string, askedAt: number, answeredAt: number): void {
  behindMs = Date.parse(serverTime) - (askedAt + answeredAt) / 2
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + behindMs
}
