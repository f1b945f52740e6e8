import type { Db, Filter } from 'mongodb'
import type { AuditFilter, AuditLog, AuditRecord } from '../graph/ports.js'
import { listPage } from './list-page.js'

/** The changes as text: what callers name things is not ours alone. */
type StoredAudit = Omit<AuditRecord, 'id' | 'at' | 'changes'> & {
  readonly _id: string
  readonly at: Date
  readonly changes: string
}

/** Who changed what: appended to, never changed. */
export function createAuditLog(db: Db): AuditLog {
  const records = db.collection<StoredAudit>('audit')
  return {
    append: async ({ id, at, changes, ...record }) => {
      const stored = { ...record, at: new Date(at), changes: JSON.stringify(changes ?? null) }
      await records.updateOne({ _id: id }, { $setOnInsert: stored }, { upsert: true })
    },
    listAudit: async (filter, page) => {
      const { items, hasMore } = await listPage(records, toFilter(filter), page, 'at')
      return { items: items.map(fromStored), hasMore }
    },
    countAudit: (filter) => records.countDocuments(toFilter(filter)),
  }
}

function toFilter({ clientId, action, targetId }: AuditFilter): Filter<StoredAudit> {
  return { ...(clientId && { clientId }), ...(action && { action }), ...(targetId && { targetId }) }
}

function fromStored({ _id: id, at, changes, ...record }: StoredAudit): AuditRecord {
  return { ...record, id, at: at.toISOString(), changes: JSON.parse(changes) }
}
