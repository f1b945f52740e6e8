/** One second of the live stream. */
export type Second = {
  readonly at: number
  /** False before the stream was opened where nobody told of it: that is not nothing. */
  readonly isKnown: boolean
  accepted: number
  delivered: number
  retrying: number
  dead: number
  rejected: number
  /** Of before the stream was opened: attempts that did not deliver. The statistics count what was given up or rejected. */
  failed: number
  /** Delivery times, ms; a sample of at most `SAMPLE`. */
  times: number[]
}

export const WINDOW_SECONDS = 300
const SAMPLE = 64
/** Of so many times beside one p95 the median is the median and the p95 the p95. */
const MEDIANS = 16

export type Outcome = 'accepted' | 'delivered' | 'retrying' | 'dead' | 'rejected' | 'failed'

/** What is known of a time before the stream was opened. */
export type Earlier = {
  readonly fromMs: number
  readonly toMs: number
  readonly accepted: number
  readonly delivered: number
  readonly failed: number
  readonly rejected: number
  /** Of the delivery attempts, ms; null where there were none. */
  readonly p50: number | null
  readonly p95: number | null
}

/** Seconds of the last five minutes, by the second since 1970. What is older is dropped. */
export type Rates = {
  count(atMs: number, outcome: Outcome, responseTimeMs?: number): void
  /** Spreads it over its seconds, as far as they are before the stream was opened and not known yet: the finest comes first. */
  fill(earlier: Earlier): void
  /** The whole window up to `nowMs`, oldest first, empty seconds included. */
  window(nowMs: number): readonly Second[]
}

/** @param sinceMs when counting began, ms since 1970 */
export function createRates(sinceMs: number): Rates {
  const seconds = new Map<number, Second>()
  const emptySecond = (at: number): Second => ({
    at,
    isKnown: at * 1_000 >= sinceMs,
    accepted: 0,
    delivered: 0,
    retrying: 0,
    dead: 0,
    rejected: 0,
    failed: 0,
    times: [],
  })
  return {
    count: (atMs, outcome, responseTimeMs) => {
      const at = Math.floor(atMs / 1_000)
      let second = seconds.get(at)
      if (second === undefined) {
        second = emptySecond(at)
        seconds.set(at, second)
        for (const each of seconds.keys()) if (each < at - WINDOW_SECONDS) seconds.delete(each)
      }
      second[outcome] += 1
      if (responseTimeMs !== undefined && second.times.length < SAMPLE) second.times.push(responseTimeMs)
    },
    fill: ({ fromMs, toMs, p50, p95, ...counts }) => {
      const [from, to] = [Math.ceil(fromMs / 1_000), Math.ceil(Math.min(toMs, sinceMs) / 1_000)]
      const times = p50 === null || p95 === null ? [] : [...Array<number>(MEDIANS).fill(p50), p95]
      for (let at = from; at < to; at += 1) {
        if (seconds.has(at)) continue
        const share = 1 / (to - from)
        seconds.set(at, {
          ...emptySecond(at),
          isKnown: true,
          accepted: counts.accepted * share,
          delivered: counts.delivered * share,
          failed: counts.failed * share,
          rejected: counts.rejected * share,
          times: [...times],
        })
      }
    },
    window: (nowMs) => {
      const last = Math.floor(nowMs / 1_000)
      return Array.from({ length: WINDOW_SECONDS }, (_, index) => {
        const at = last - WINDOW_SECONDS + 1 + index
        return seconds.get(at) ?? emptySecond(at)
      })
    },
  }
}

export type Totals = Readonly<Record<Outcome, number>>

export function sum(seconds: readonly Second[]): Totals {
  const total = { accepted: 0, delivered: 0, retrying: 0, dead: 0, rejected: 0, failed: 0 }
  for (const second of seconds) {
    total.accepted += second.accepted
    total.delivered += second.delivered
    total.retrying += second.retrying
    total.dead += second.dead
    total.rejected += second.rejected
    total.failed += second.failed
  }
  return total
}

/** What became of delivery attempts: the one reckoning of every share of them that is shown. */
export function attemptsOf({ delivered, retrying, dead, failed }: Totals): {
  readonly attempts: number
  readonly failed: number
  /** 0…1; null where nothing was tried. */
  readonly deliveredShare: number | null
} {
  const notDelivered = retrying + dead + failed
  const attempts = delivered + notDelivered
  return { attempts, failed: notDelivered, deliveredShare: attempts === 0 ? null : delivered / attempts }
}

/** Delivery times of these seconds, ascending. */
export function sortedTimes(seconds: readonly Second[]): readonly number[] {
  return seconds.flatMap(({ times }) => times).sort((a, b) => a - b)
}

/** @param sorted ascending */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null
}
