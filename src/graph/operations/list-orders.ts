import { ownedBy, scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { Loaders } from '../loaders.js'
import type { Listed, OrderFilter, OrderReader, OrderRecord, Page } from '../ports.js'

/** A page of orders this caller may see, and how many there are in all. */
export async function listOrders(
  viewer: Viewer,
  filter: OrderFilter,
  page: Page,
  orders: OrderReader,
): Promise<Listed<OrderRecord> & { total(): Promise<number> }> {
  const { placedAfter, placedBefore } = filter
  if (placedAfter !== undefined && placedBefore !== undefined && placedAfter > placedBefore)
    throw new ApiError('BAD_USER_INPUT', 'placedAfter is after placedBefore')
  const clientId = scopeClient(viewer, filter.clientId)
  const scoped = { ...filter, ...(clientId !== undefined && { clientId }) }
  return { ...(await orders.listOrders(scoped, page)), total: () => orders.countOrders(scoped) }
}

export async function findOrder(viewer: Viewer, id: string, loaders: Pick<Loaders, 'orders'>): Promise<OrderRecord> {
  const found = await loaders.orders.load(id)
  ownedBy(viewer, found?.order ?? null, 'order')
  // ownedBy has refused what is not there.
  return found as OrderRecord
}
