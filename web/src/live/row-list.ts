import { foldRow, type LiveEvent, type LiveRow } from './rows'

/** What is kept in memory; older rows are in the logs. */
export const MAX_ROWS = 5_000
/** Rows are dropped this many at a time, so that dropping costs nothing per event. */
const DROP = 500

/** The rows of the live list, bounded. */
export type RowList = {
  take(fact: LiveEvent): void
  /** Rows of kept logs, oldest first: before everything that has been heard live, and over what is behind them. */
  merge(logs: readonly LiveRow[]): void
  list(): readonly LiveRow[]
}

/** By id and in order of arrival; a fact about an event that is not listed makes a row. */
export function createRowList(): RowList {
  let ordered: string[] = []
  /** From then on a resend or a delivery is, of an event that is not listed, no news: its row had its time. */
  let hasDropped = false
  const byId = new Map<string, LiveRow>()
  const byArrival = (a: string, b: string): number => (byId.get(a)?.at ?? 0) - (byId.get(b)?.at ?? 0)
  return {
    take: (fact) => {
      const row = byId.get(fact.eventId)
      if (row === undefined && (fact.kind === 'DUPLICATE' || (hasDropped && fact.stage === 'DELIVERED'))) return
      if (row === undefined) ordered.push(fact.eventId)
      byId.set(fact.eventId, foldRow(row, fact))
      if (ordered.length <= MAX_ROWS + DROP) return
      for (const id of ordered.slice(0, ordered.length - MAX_ROWS)) byId.delete(id)
      ordered = ordered.slice(-MAX_ROWS)
      hasDropped = true
    },
    merge: (logs) => {
      const missing = logs.filter(({ id }) => !byId.has(id))
      for (const row of logs) {
        const known = byId.get(row.id)
        if (known === undefined || isFurther(row, known)) byId.set(row.id, row)
      }
      ordered = [...ordered, ...missing.map(({ id }) => id)].sort(byArrival)
    },
    list: () => {
      const rows: LiveRow[] = []
      for (const id of ordered) {
        const row = byId.get(id)
        if (row !== undefined) rows.push(row)
      }
      return rows
    },
  }
}

/** Whether the log knows of something that the row, made of what was heard live, has missed. */
function isFurther(log: LiveRow, row: LiveRow): boolean {
  const [known, heard] = [log.attempt ?? 0, row.attempt ?? 0]
  return known > heard || (known === heard && (row.stage === 'RECEIVED' || row.stage === 'DELIVERING'))
}
