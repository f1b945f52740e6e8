import type { Db, Filter } from 'mongodb'
import type { LogFilter, LogReader } from '../graph/ports.js'
import { fromLogDocument, type LogDocument } from './log-document.js'

export function logCollection(db: Db) {
  return db.collection<LogDocument>('logs')
}

/** Reads logs, newest first by (timestamp, id). */
export function createLogReader(db: Db): LogReader {
  const logs = logCollection(db)
  return {
    findLog: async (id) => {
      const document = await logs.findOne({ _id: id })
      return document === null ? null : fromLogDocument(document)
    },
    listLogs: async (filter, page) => {
      const after: Filter<LogDocument> =
        page.after === undefined
          ? {}
          : {
              $or: [
                { timestamp: { $lt: new Date(page.after.timestamp) } },
                { timestamp: new Date(page.after.timestamp), _id: { $lt: page.after.id } },
              ],
            }
      const documents = await logs
        .find({ $and: [toFilter(filter), after] })
        .sort({ timestamp: -1, _id: -1 })
        .skip(page.offset ?? 0)
        .limit(page.limit + 1)
        .toArray()
      return { logs: documents.slice(0, page.limit).map(fromLogDocument), hasMore: documents.length > page.limit }
    },
    countLogs: (filter) => logs.countDocuments(toFilter(filter)),
  }
}

export function toFilter({ provider, clientId, status, startDate, endDate }: LogFilter): Filter<LogDocument> {
  const timestamp = { ...(startDate && { $gte: new Date(startDate) }), ...(endDate && { $lte: new Date(endDate) }) }
  return {
    ...(provider && { provider }),
    ...(clientId && { clientId }),
    ...(status && { status }),
    ...(Object.keys(timestamp).length > 0 && { timestamp }),
  }
}
