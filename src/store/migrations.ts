import type { Db } from 'mongodb'
import { pause } from '../lib/wait.js'
import { bucketCollection, placeOf } from './buckets.js'
import { isDuplicateKey } from './duplicate-key.js'
import { INDEXES } from './indexes.js'

/** A numbered change to the database, run once, in order, by one process. Running it again MUST change nothing. */
export type Migration = { readonly number: number; readonly title: string; run(db: Db): Promise<void> }

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, title: 'buckets say where they stand in time, so that they expire', run: placeBuckets },
]

const PLACED_AT_ONCE = 1_000

async function placeBuckets(db: Db): Promise<void> {
  const buckets = bucketCollection(db)
  for (;;) {
    const found = await buckets
      .find({ startsAt: { $exists: false } }, { projection: { _id: 1 } })
      .limit(PLACED_AT_ONCE)
      .toArray()
    if (found.length === 0) return
    await buckets.bulkWrite(
      found.map(({ _id }) => ({ updateOne: { filter: { _id }, update: { $set: placeOf(_id) } } })),
      { ordered: false },
    )
  }
}

type MigrationDocument = { _id: number; title: string; doneAt: Date }
type LockDocument = { _id: string; holder: string; until: Date }

const LOCK_MS = 60_000
const LOCK_POLL_MS = 200

/** Runs what has not been run yet and makes what indexes are missing; others wait for the lock and then find nothing to do. */
export async function migrate(
  db: Db,
  options: {
    readonly holder: string
    now(): Date
    onProgress(line: string): void
    readonly migrations?: readonly Migration[]
  },
): Promise<void> {
  const done = db.collection<MigrationDocument>('migrations')
  await lock(db, options)
  try {
    const known = new Set((await done.find().toArray()).map(({ _id }) => _id))
    for (const migration of options.migrations ?? MIGRATIONS) {
      if (known.has(migration.number)) continue
      options.onProgress(`migration ${migration.number}: ${migration.title}`)
      await migration.run(db)
      await done.updateOne(
        { _id: migration.number },
        { $set: { title: migration.title, doneAt: options.now() } },
        { upsert: true },
      )
    }
    await ensureIndexes(db, options.onProgress)
  } finally {
    await db.collection<LockDocument>('locks').deleteOne({ _id: 'migrations', holder: options.holder })
  }
}

/** Not a migration: the table of indexes grows with the queries, and what is there already costs one look a collection. */
async function ensureIndexes(db: Db, onProgress: (line: string) => void): Promise<void> {
  const collections = await db.listCollections({}, { nameOnly: true }).toArray()
  for (const collection of new Set(INDEXES.map((index) => index.collection))) {
    const exists = collections.some(({ name }) => name === collection)
    const known = exists ? await db.collection(collection).indexes() : []
    for (const { name, key, where } of INDEXES.filter((index) => index.collection === collection)) {
      if (known.some((index) => index.name === name)) continue
      onProgress(`index ${collection}.${name}`)
      await db.collection(collection).createIndex(key, { name, ...(where && { partialFilterExpression: where }) })
    }
  }
}

/** Waits for the lock; one whose holder died runs out. */
async function lock(db: Db, { holder, now }: { readonly holder: string; now(): Date }): Promise<void> {
  const locks = db.collection<LockDocument>('locks')
  for (;;) {
    const at = now()
    try {
      await locks.updateOne(
        { _id: 'migrations', until: { $lt: at } },
        { $set: { holder, until: new Date(at.getTime() + LOCK_MS) } },
        { upsert: true },
      )
      return
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
    }
    await pause(LOCK_POLL_MS)
  }
}
