import type { Db } from 'mongodb'
import type { Log } from '../domain/log.js'
import { toLogFields } from './log-document.js'
import { logCollection } from './logs.js'

/** Below every lease's: no writer of the read model takes an imported log for its own. */
const IMPORTED_EPOCH = 0

/** Writes logs of another system, and answers how many were not there yet; those that were stay as they are. */
export function createLogImport(db: Db): (logs: readonly Log[]) => Promise<number> {
  const collection = logCollection(db)
  return async (logs) => {
    if (logs.length === 0) return 0
    const { upsertedCount } = await collection.bulkWrite(
      logs.map((log) => ({
        updateOne: {
          filter: { _id: log.id },
          // Nothing of it can be sent again: it is no dead letter.
          update: {
            $setOnInsert: { ...toLogFields(log, IMPORTED_EPOCH), payload: log.payload, deadDeliveries: 0, dead: [] },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    )
    return upsertedCount
  }
}
