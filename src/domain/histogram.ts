/**
 * Counts in log-spaced buckets: two of them add up to the histogram of both, and any quantile read from one is within
 * RELATIVE_ERROR of the true value (docs/decisions/0020-stats.md). Values are non-negative; those up to 1 share bucket 0.
 */
export type Histogram = ReadonlyMap<number, number>

/** How far a quantile may be from the value it stands for. */
export const RELATIVE_ERROR = 0.02
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GROWTH = Math.log(GROWTH)

/** The bucket of a value: bucket i holds values in (GROWTH^(i-1), GROWTH^i]. */
export function bucketOf(value: number): number {
  return value <= 1 ? 0 : Math.ceil(Math.log(value) / LOG_GROWTH - 1e-9)
}

/** The value that stands for a bucket: equally far, in proportion, from both of its ends. */
export function middleOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1)
}

/** The value that a share `q` (0…1) of all is at or below; null where nothing was counted. */
export function quantile(histogram: Histogram, q: number): number | null {
  const total = [...histogram.values()].reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(q * total))
  let seen = 0
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    seen += histogram.get(bucket) ?? 0
    if (seen >= rank) return middleOf(bucket)
  }
  return null
}

export function addHistograms(histograms: readonly Histogram[]): Histogram {
  const sum = new Map<number, number>()
  for (const histogram of histograms)
    for (const [bucket, count] of histogram) sum.set(bucket, (sum.get(bucket) ?? 0) + count)
  return sum
}
