import type { Fact } from '../../domain/activity.js'
import { type EventType, orderIdIn } from '../../domain/event.js'
import type { OrderChange, OrderStatus } from '../../domain/order.js'
import { scopeClient, type Viewer } from '../auth.js'
import type { ActivityRecord, GraphPorts, OrderFilter } from '../ports.js'
import { followActivity } from './live-events.js'

/** One event about an order, as a subscriber sees it. */
export type LiveOrderChange = {
  readonly cursor: string
  readonly at: string
  readonly eventId: string
  readonly type: EventType
  readonly orderId: string
  readonly orderExternalId: string | null
  readonly provider: string
  readonly clientId: string
  readonly from: OrderStatus | null
  readonly to: OrderStatus | null
  readonly applied: boolean
  readonly why: OrderChange['why']
  readonly reason: string | null
  readonly status: OrderStatus
  readonly revision: number
  /** What a filter looks at beside the above; null where the event did not bring the order itself. */
  readonly order: {
    readonly storeRef: string | null
    readonly displayCode: string | null
    readonly placedAt: string
  } | null
}

/** Orders a caller may see, as they come and change; `after` as in `liveEvents`. */
export function liveOrders(
  viewer: Viewer,
  filter: OrderFilter,
  after: string | undefined,
  ports: Pick<GraphPorts, 'activity'>,
): AsyncIterableIterator<LiveOrderChange> {
  const clientId = scopeClient(viewer, filter.clientId)
  const scoped = { ...filter, ...(clientId !== undefined && { clientId }) }
  return followActivity(after, ports, (record) => {
    const change = changeOf(record)
    return change !== null && fits(change, scoped) ? change : undefined
  })
}

function changeOf({ cursor, fact }: ActivityRecord): LiveOrderChange | null {
  if (fact.kind !== 'dispatched') return null
  const { event } = fact
  const { order = null, change } = event.data
  const orderId = orderIdIn(event)
  if (orderId === null) return null
  const base = { cursor, at: fact.at, eventId: event.id, type: event.type, orderId, ...ownerOf(fact), order }
  if (change !== undefined) {
    const { from, to, applied, why, reason, status, revision, orderExternalId } = change
    return { ...base, from, to, applied, why, reason, status, revision, orderExternalId }
  }
  if (order === null) return null
  const { status, revision, externalId: orderExternalId } = order
  return { ...base, from: null, to: null, applied: true, why: null, reason: null, status, revision, orderExternalId }
}

function ownerOf({ provider, clientId }: Fact) {
  return { provider, clientId }
}

/** What an event does not say (a status alone brings no store and no time) it is not held against. */
function fits(change: LiveOrderChange, filter: OrderFilter): boolean {
  const { order } = change
  const ids = [change.orderId, change.orderExternalId, order?.displayCode]
  return (
    (filter.clientId === undefined || change.clientId === filter.clientId) &&
    (filter.provider === undefined || change.provider === filter.provider) &&
    (filter.status === undefined || change.status === filter.status) &&
    (filter.search === undefined || ids.includes(filter.search)) &&
    (order === null ||
      ((filter.storeRef === undefined || order.storeRef === filter.storeRef) &&
        (filter.placedAfter === undefined || order.placedAt >= filter.placedAfter) &&
        (filter.placedBefore === undefined || order.placedAt <= filter.placedBefore)))
  )
}
