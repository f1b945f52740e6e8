import { type Document, MongoClient } from 'mongodb'

/** A database's documents, by collection. */
export type DatabaseBackup = ReadonlyMap<string, readonly Document[]>

/**
 * Reads every collection while it is written to, the read model's position first: what was written since then is written
 * again after a restore. (`mongodump --oplog` has a moment of its own, which the local stand-in cannot give.)
 */
export async function backUpDatabase(url: string, database: string): Promise<DatabaseBackup> {
  await using client = new MongoClient(url)
  const db = client.db(database)
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)
  const backup = new Map<string, readonly Document[]>()
  for (const name of names.sort((one, other) => Number(other === 'leases') - Number(one === 'leases')))
    backup.set(name, await db.collection(name).find().toArray())
  return backup
}

export async function restoreDatabase(url: string, database: string, backup: DatabaseBackup): Promise<void> {
  await using client = new MongoClient(url)
  for (const [name, documents] of backup)
    if (documents.length > 0)
      await client
        .db(database)
        .collection(name)
        .insertMany([...documents])
}
