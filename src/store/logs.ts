import type { Db, Filter } from 'mongodb'
import { OVERDUE_AFTER_MS } from '../domain/retry.js'
import type { LogFilter, LogReader } from '../graph/ports.js'
import { between, listPage } from './list-page.js'
import { fromLogDocument, type LogDocument } from './log-document.js'

export function logCollection(db: Db) {
  return db.collection<LogDocument>('logs')
}

/** Logs whose next attempt should have been made. */
export function overdueAt(nowMs: number): Filter<LogDocument> {
  return { stage: 'retrying', nextAttemptAt: { $lt: new Date(nowMs - OVERDUE_AFTER_MS) } }
}

/** Reads logs, newest first by (timestamp, id). */
export function createLogReader(db: Db): LogReader {
  const logs = logCollection(db)
  return {
    findLog: async (id) => {
      const document = await logs.findOne({ _id: id })
      return document === null ? null : fromLogDocument(document)
    },
    findLogs: async (ids) => (await logs.find({ _id: { $in: [...ids] } }).toArray()).map(fromLogDocument),
    listLogs: async (filter, page) => {
      const { items, hasMore } = await listPage(logs, toFilter(filter), page, 'timestamp')
      return { items: items.map(fromLogDocument), hasMore }
    },
    countLogs: (filter) => logs.countDocuments(toFilter(filter)),
  }
}

export function toFilter(given: LogFilter): Filter<LogDocument> {
  const { provider, clientId, status, stage, event, type, orderId, search, startDate, endDate } = given
  const timestamp = between(startDate, endDate)
  return {
    ...(provider && { provider }),
    ...(clientId && { clientId }),
    ...(status && { status }),
    ...(stage && { stage }),
    ...(event && { event }),
    ...(type && { type }),
    ...(orderId && { references: orderId }),
    ...(search && { $or: [{ _id: search }, { references: search }] }),
    ...(timestamp && { timestamp }),
  }
}
