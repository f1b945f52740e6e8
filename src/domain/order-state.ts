import type { OrderStatus } from './order.js'

/** How far an order is; terminal statuses share the end. */
const RANK: Readonly<Record<OrderStatus, number>> = {
  pending: 0,
  accepted: 10,
  preparing: 20,
  ready: 30,
  picked_up: 40,
  delivered: 50,
  rejected: 60,
  cancelled: 60,
  failed: 60,
}

/**
 * Which changes a platform may report. It may skip forward (events get lost or come out of order), it never goes back,
 * and nothing follows an end.
 */
const LEGAL: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['accepted', 'preparing', 'ready', 'picked_up', 'delivered', 'rejected', 'cancelled', 'failed'],
  accepted: ['preparing', 'ready', 'picked_up', 'delivered', 'cancelled', 'failed'],
  preparing: ['ready', 'picked_up', 'delivered', 'cancelled', 'failed'],
  ready: ['picked_up', 'delivered', 'cancelled', 'failed'],
  picked_up: ['delivered', 'cancelled', 'failed'],
  delivered: [],
  rejected: [],
  cancelled: [],
  failed: [],
}

/** A status as reported: what, when, and which event said so. */
export type ReportedChange = { readonly to: OrderStatus; readonly occurredAt: string; readonly dedupeKey: string }

export type JudgedChange = ReportedChange & {
  readonly from: OrderStatus
  readonly applied: boolean
  /** Why it was not applied. */
  readonly why: null | 'duplicate' | 'late' | 'illegal'
}

/**
 * An order's status from everything reported of it. Changes are sorted by (occurredAt, rank, dedupeKey) first, so any
 * arrival order and any repetition gives the same order. `revision` is 1 for the creation plus one per applied change.
 */
export function foldOrder(changes: readonly ReportedChange[]): {
  readonly status: OrderStatus
  readonly revision: number
  readonly changes: readonly JudgedChange[]
} {
  let status: OrderStatus = 'pending'
  let revision = 1
  const judged: JudgedChange[] = []
  for (const change of distinct([...changes].sort(inOrder))) {
    const why = judge(status, change.to)
    judged.push({ ...change, from: status, applied: why === null, why })
    if (why !== null) continue
    status = change.to
    revision += 1
  }
  return { status, revision, changes: judged }
}

function judge(from: OrderStatus, to: OrderStatus): JudgedChange['why'] {
  if (from === to) return 'duplicate'
  if (LEGAL[from].includes(to)) return null
  return RANK[to] < RANK[from] ? 'late' : 'illegal'
}

/** The earliest report of each event: a platform may stamp a resend anew. Takes them sorted. */
function distinct(changes: readonly ReportedChange[]): ReportedChange[] {
  const seen = new Set<string>()
  return changes.filter(({ dedupeKey, to }) => !seen.has(`${dedupeKey} ${to}`) && seen.add(`${dedupeKey} ${to}`))
}

function inOrder(a: ReportedChange, b: ReportedChange): number {
  return (
    compare(a.occurredAt, b.occurredAt) ||
    RANK[a.to] - RANK[b.to] ||
    compare(a.dedupeKey, b.dedupeKey) ||
    compare(a.to, b.to)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
