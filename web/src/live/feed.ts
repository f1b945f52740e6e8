import { serverNow } from '../api/clock'
import { EventsDocument, LogsDocument } from '../api/generated'
import { request } from '../api/request'
import { type SubscriptionState, subscribe } from '../api/socket'
import { createRates, type Rates } from './rates'
import { foldRow, type LiveEvent, type LiveRow, rowOfLog } from './rows'

/** What is kept in memory; older rows are in the logs. */
export const MAX_ROWS = 5_000
/** Rows are dropped this many at a time, so that dropping costs nothing per event. */
const DROP = 500
/** Facts that arrive within this time are drawn together. */
const FLUSH_MS = 100
const FIRST_ROWS = 100
const LATE_FILL_MS = 2_000

/** One state of the stream; a new object whenever something changed. */
export type FeedSnapshot = {
  readonly state: SubscriptionState
  /** Oldest first. */
  readonly rows: readonly LiveRow[]
  /** The logs have been asked for what came before. */
  readonly isFilled: boolean
  /** The place we had left off was no longer kept: events between are in the logs only. */
  readonly hasGap: boolean
}

export type Feed = {
  readonly rates: Rates
  snapshot(): FeedSnapshot
  /** Told at most ten times a second. */
  onChange(tell: () => void): () => void
  /** Told of every fact at once. */
  onFact(tell: (fact: LiveEvent) => void): () => void
  start(): void
  stop(): void
}

/** The live stream of the whole page: it goes on while other views are open, and resumes after its cursor when the connection was lost. */
export function createFeed(): Feed {
  const rates = createRates(serverNow())
  const changed = new Set<() => void>()
  const told = new Set<(fact: LiveEvent) => void>()
  const rows: Rows = createRows()
  let cursor: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let lateFill: ReturnType<typeof setTimeout> | undefined
  let stopSubscription = (): void => undefined
  let snapshot: FeedSnapshot = { state: 'connecting', rows: [], isFilled: false, hasGap: false }
  const flush = (change: Partial<FeedSnapshot> = {}): void => {
    timer = undefined
    snapshot = { ...snapshot, ...change, rows: rows.list() }
    for (const tell of changed) tell()
  }
  const fill = async (): Promise<void> => {
    try {
      await fillFrom(rows)
    } catch {
      // Where the logs cannot be read, the live stream alone fills the list.
    }
    flush({ isFilled: true })
  }
  /** At every connection: before the first fact there is no cursor to resume after, and what happens between the logs' moment and the subscription's first is in the logs a moment later. */
  const fillTwice = (): void => {
    clearTimeout(lateFill)
    void fill()
    lateFill = setTimeout(() => void fill(), LATE_FILL_MS)
  }
  const take = (fact: LiveEvent): void => {
    cursor = fact.cursor
    rows.take(fact)
    countFact(rates, fact)
    for (const tell of told) tell(fact)
    timer ??= setTimeout(() => flush(), FLUSH_MS)
  }
  return {
    rates,
    snapshot: () => snapshot,
    onChange: (tell) => {
      changed.add(tell)
      return () => changed.delete(tell)
    },
    onFact: (tell) => {
      told.add(tell)
      return () => told.delete(tell)
    },
    start: () => {
      stopSubscription = subscribe({
        document: EventsDocument,
        variables: () => ({ after: cursor }),
        onData: ({ events }) => take(events),
        onState: (state) => {
          flush({ state })
          if (state === 'live') fillTwice()
        },
        onFault: (code) => {
          if (code !== 'CURSOR_EXPIRED') return
          cursor = undefined
          flush({ hasGap: true })
        },
      })
    },
    stop: () => {
      stopSubscription()
      clearTimeout(timer)
      clearTimeout(lateFill)
    },
  }
}

type Rows = {
  take(fact: LiveEvent): void
  /** Rows of kept logs, oldest first: before everything that has been heard live, and over what is behind them. */
  merge(logs: readonly LiveRow[]): void
  list(): readonly LiveRow[]
}

/** Rows by id and in order of arrival; a fact about a row that is gone makes a new one. */
function createRows(): Rows {
  let ordered: string[] = []
  const byId = new Map<string, LiveRow>()
  const byArrival = (a: string, b: string): number => (byId.get(a)?.at ?? 0) - (byId.get(b)?.at ?? 0)
  return {
    take: (fact) => {
      const row = byId.get(fact.eventId)
      // A resend says nothing of what became of an event that is no longer listed.
      if (row === undefined && fact.kind === 'DUPLICATE') return
      if (row === undefined) ordered.push(fact.eventId)
      byId.set(fact.eventId, foldRow(row, fact))
      if (ordered.length <= MAX_ROWS + DROP) return
      for (const id of ordered.slice(0, ordered.length - MAX_ROWS)) byId.delete(id)
      ordered = ordered.slice(-MAX_ROWS)
    },
    merge: (logs) => {
      const missing = logs.filter(({ id }) => !byId.has(id))
      for (const row of logs) {
        const known = byId.get(row.id)
        if (known === undefined || isFurther(row, known)) byId.set(row.id, row)
      }
      ordered = [...ordered, ...missing.map(({ id }) => id)].sort(byArrival)
    },
    list: () => ordered.flatMap((id) => byId.get(id) ?? []),
  }
}

/** The newest kept logs, so that a quiet evening does not start with an empty page. */
async function fillFrom(rows: Rows): Promise<void> {
  const { logs } = await request(LogsDocument, { first: FIRST_ROWS })
  rows.merge(logs.edges.map(({ node }) => rowOfLog(node)).reverse())
}

/** Whether the log knows of something that the row, made of what was heard live, has missed. */
function isFurther(log: LiveRow, row: LiveRow): boolean {
  const [known, heard] = [log.attempt ?? 0, row.attempt ?? 0]
  return known > heard || (known === heard && (row.stage === 'RECEIVED' || row.stage === 'DELIVERING'))
}

function countFact(rates: Rates, { kind, at, stage, responseTime }: LiveEvent): void {
  const atMs = Date.parse(at)
  if (kind === 'DISPATCHED') rates.count(atMs, 'accepted')
  if (kind === 'REJECTED') rates.count(atMs, 'rejected')
  if (kind !== 'ATTEMPTED') return
  const outcome = stage === 'DELIVERED' ? 'delivered' : stage === 'DEAD' ? 'dead' : 'retrying'
  rates.count(atMs, outcome, responseTime ?? undefined)
}
