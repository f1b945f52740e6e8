import type { Db, Filter } from 'mongodb'
import type { DeadLetterFilter, DeadLetterReader, UndeliveredCount } from '../graph/ports.js'
import { between, listPage } from './list-page.js'
import { fromLogDocument, type LogDocument } from './log-document.js'
import { logCollection } from './logs.js'

/** What was given up and what is under way, from the fields that every write of a log works out anew. */
export function createDeadLetterReader(db: Db): DeadLetterReader {
  const logs = logCollection(db)
  return {
    listDeadLogs: async (filter, page) => {
      const { items, hasMore } = await listPage(logs, toDeadLetterFilter(filter), page, 'timestamp')
      return { items: items.map(fromLogDocument), hasMore }
    },
    countDeadLogs: (filter) => logs.countDocuments(toDeadLetterFilter(filter)),
    countUndelivered: async ({ clientId }) => {
      const [counted] = await logs
        .aggregate<UndeliveredCount>([
          { $match: { ...(clientId && { clientId }), status: { $in: ['pending', 'failed'] } } },
          { $group: { _id: null, pending: { $sum: '$pendingDeliveries' }, dead: { $sum: '$deadDeliveries' } } },
        ])
        .toArray()
      return { pending: counted?.pending ?? 0, dead: counted?.dead ?? 0 }
    },
  }
}

export function toDeadLetterFilter({
  provider,
  clientId,
  webhookId,
  reason,
  startDate,
  endDate,
}: DeadLetterFilter): Filter<LogDocument> {
  const timestamp = between(startDate, endDate)
  const dead = { ...(webhookId && { webhookId }), ...(reason && { reason }) }
  return {
    ...(provider && { provider }),
    ...(clientId && { clientId }),
    ...(timestamp && { timestamp }),
    deadDeliveries: { $gt: 0 },
    ...(Object.keys(dead).length > 0 && { dead: { $elemMatch: dead } }),
  }
}
