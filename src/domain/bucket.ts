/** Numbers are pre-aggregated by these spans of UTC time. */
export const SPANS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
export type Span = keyof typeof SPANS

/** The start of the span a moment is in, ms since 1970. */
export function startOf(span: Span, atMs: number): number {
  return Math.floor(atMs / SPANS[span]) * SPANS[span]
}

/** Every client's numbers together. No client can have this id. */
export const ALL_CLIENTS = '*'

/** A bucket's id, so that the buckets of any range are asked for by name. `kind` keeps what is counted apart. */
export function bucketId(kind: 'logs' | 'orders', span: Span, scope: string, startMs: number): string {
  return `${kind}:${span}:${scope}:${new Date(startMs).toISOString()}`
}

/** The span and the start of a bucket, by its id. */
export function spanOfBucket(id: string): { readonly span: Span; readonly startMs: number } {
  const [, span] = id.split(':')
  // Ids are written by bucketId alone; the time at their end has 24 characters.
  return { span: span as Span, startMs: Date.parse(id.slice(-24)) }
}

/**
 * Days that buckets are kept for: minutes serve `stats` of an hour and a day; hours a month's beginning, the eight weeks of
 * `forecast` and the four of `store_silent`; days a year of comparison.
 */
export const BUCKET_DAYS: Readonly<Record<Span, number>> = { minute: 3, hour: 70, day: 400 }

/** One number to be added to one place in one bucket. `path` has dots between its parts, none of which holds one. */
export type Tally = { readonly bucket: string; readonly path: string; readonly amount: number }

/** Bucket → path → amount. */
export type BucketChanges = ReadonlyMap<string, ReadonlyMap<string, number>>

/** What must be added to the buckets when `before` is to be counted no more and `after` instead. Zeros are left out. */
export function differenceOf(before: readonly Tally[], after: readonly Tally[]): BucketChanges {
  const changes = new Map<string, Map<string, number>>()
  const add = ({ bucket, path, amount }: Tally, sign: 1 | -1): void => {
    const paths = changes.get(bucket) ?? new Map<string, number>()
    changes.set(bucket, paths)
    const sum = (paths.get(path) ?? 0) + sign * amount
    if (sum === 0) paths.delete(path)
    else paths.set(path, sum)
  }
  for (const tally of before) add(tally, -1)
  for (const tally of after) add(tally, 1)
  return new Map([...changes].filter(([, paths]) => paths.size > 0))
}
