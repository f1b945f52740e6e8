import { serverNow } from '../api/clock'
import { EventsDocument, LogsDocument } from '../api/generated'
import { request } from '../api/request'
import { type SubscriptionState, subscribe } from '../api/socket'
import { readEarlier } from './earlier'
import { createRates, type Rates } from './rates'
import { createRowList, type RowList } from './row-list'
import { type LiveEvent, type LiveRow, rowOfLog } from './rows'

/** Facts that arrive within this time are drawn together. */
const FLUSH_MS = 50
const FIRST_ROWS = 100
const LATE_FILL_MS = 2_000

/** One state of the stream; a new object whenever something changed. */
export type FeedSnapshot = {
  readonly state: SubscriptionState
  /** Oldest first. */
  readonly rows: readonly LiveRow[]
  /** The logs have been asked for what came before. */
  readonly isFilled: boolean
  /** The rates know of the minutes before what can be known. */
  readonly isRated: boolean
  /** The place we had left off was no longer kept: events between are in the logs only. */
  readonly hasGap: boolean
}

export type Feed = {
  readonly rates: Rates
  snapshot(): FeedSnapshot
  /** Told at most twenty times a second. */
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
  const rows = createRowList()
  let cursor: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let lateFill: ReturnType<typeof setTimeout> | undefined
  let stopSubscription = (): void => undefined
  let snapshot: FeedSnapshot = { state: 'connecting', rows: [], isFilled: false, isRated: false, hasGap: false }
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
  let areRatesFilled = false
  const fillRatesOnce = async (): Promise<void> => {
    if (areRatesFilled) return
    areRatesFilled = true
    for (const earlier of await readEarlier()) rates.fill(earlier)
    flush({ isRated: true })
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
          if (state !== 'live') return
          fillTwice()
          void fillRatesOnce()
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

/** The newest kept logs, so that a quiet evening does not start with an empty page. */
async function fillFrom(rows: RowList): Promise<void> {
  const { logs } = await request(LogsDocument, { first: FIRST_ROWS })
  rows.merge(logs.edges.map(({ node }) => rowOfLog(node)).reverse())
}

function countFact(rates: Rates, { kind, at, stage, responseTime }: LiveEvent): void {
  const atMs = Date.parse(at)
  if (kind === 'DISPATCHED') rates.count(atMs, 'accepted')
  if (kind === 'REJECTED') rates.count(atMs, 'rejected')
  if (kind !== 'ATTEMPTED') return
  const outcome = stage === 'DELIVERED' ? 'delivered' : stage === 'DEAD' ? 'dead' : 'retrying'
  rates.count(atMs, outcome, responseTime ?? undefined)
}
