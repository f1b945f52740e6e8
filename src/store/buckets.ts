import type { AnyBulkWriteOperation, Db } from 'mongodb'
import { type BucketChanges, type Span, spanOfBucket, type Tally } from '../domain/bucket.js'
import type { Log, LogStatus } from '../domain/log.js'
import { talliesOfLog } from '../domain/log-tallies.js'
import { isDuplicateKey } from './duplicate-key.js'

/** Numbers of one span of time. `through` is the last batch that counted here: a batch counts in a bucket once. */
export type BucketDocument = {
  readonly _id: string
  readonly through: number
  /** What retention finds it by. */
  readonly span?: Span
  readonly startsAt?: Date
  /** Of logs, by platform. */
  readonly counts?: Readonly<Record<string, ProviderNumbers>>
  /** Histograms of their response times: by platform, and of all platforms. */
  readonly times?: Readonly<Record<string, Slots>>
  readonly allTimes?: Slots
  /** Of orders, by store. */
  readonly stores?: Readonly<Record<string, StoreNumbers>>
}

/** Slot of a histogram → how many. */
export type Slots = Readonly<Record<string, number>>

/** What one platform's logs came to; `time` is the sum of their response times. */
export type ProviderNumbers = { readonly [name in LogStatus | 'time']?: number }

export function bucketCollection(db: Db) {
  return db.collection<BucketDocument>('buckets')
}

/** What one store's orders came to. */
export type StoreNumbers = {
  readonly [name in 'orders' | 'accepted' | 'rejected' | 'cancelled' | 'failed']?: number
} & {
  readonly acceptTimes?: Slots
  /** Minor units by currency. */
  readonly revenue?: Readonly<Record<string, number>>
}

/**
 * What a document counted as before the batch that wrote it last. A batch that is written again after a crash finds its
 * own number here and takes the same differences as the first time (docs/decisions/0020-stats.md).
 */
export type Counted<T> = { readonly through: number; readonly before: T | null }

/** Of a stored document: what it counted as before batch `batch`. */
export function countedBefore<T>(
  stored: { readonly counted?: Counted<T>; readonly now: T } | undefined,
  batch: number,
): T | null {
  if (stored?.counted === undefined) return null
  return stored.counted.through === batch ? stored.counted.before : stored.now
}

/** The part of a log document that stats are made of. */
export type LogCount = Pick<Log, 'provider' | 'clientId' | 'status' | 'responseTime'> & { readonly timestamp: Date }

export function talliesOfLogCount(count: LogCount | null): readonly Tally[] {
  return count === null ? [] : talliesOfLog({ ...count, atMs: count.timestamp.getTime() })
}

export function logCountOf({ provider, clientId, status, responseTime, timestamp }: Log): LogCount {
  return { provider, clientId, status, responseTime, timestamp: new Date(timestamp) }
}

/** Where a bucket stands in time, as fields. */
export function placeOf(id: string): Required<Pick<BucketDocument, 'span' | 'startsAt'>> {
  const { span, startMs } = spanOfBucket(id)
  return { span, startsAt: new Date(startMs) }
}

/** Adds a batch's differences, each bucket once however often the batch is written. */
export async function countInBuckets(db: Db, changes: BucketChanges, batch: number): Promise<void> {
  if (changes.size === 0) return
  const operations = [...changes].map(([id, paths]): AnyBulkWriteOperation<BucketDocument> => {
    // The paths are those of the tallies, which the typings cannot know.
    const $inc = Object.fromEntries(paths) as Record<string, never>
    const filter = { _id: id, through: { $lt: batch } }
    return {
      updateOne: { filter, update: { $inc, $set: { through: batch }, $setOnInsert: placeOf(id) }, upsert: true },
    }
  })
  try {
    await bucketCollection(db).bulkWrite(operations, { ordered: false })
  } catch (error) {
    // A bucket in which the batch counts already: the filter matches nothing, and the upsert collides.
    if (!isDuplicateKey(error)) throw error
  }
}
