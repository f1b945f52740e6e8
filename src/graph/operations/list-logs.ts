import type { Log } from '../../domain/log.js'
import { ownedBy, scopeClient, type Viewer } from '../auth.js'
import { checkPageSize } from '../cursor.js'
import { ApiError } from '../errors.js'
import type { LogFilter, LogPage, LogReader } from '../ports.js'

/** A page of logs this caller may see, and how many there are in all. */
export async function listLogs(
  viewer: Viewer,
  filter: LogFilter,
  page: LogPage,
  logs: LogReader,
): Promise<{ readonly logs: readonly Log[]; readonly hasMore: boolean; total(): Promise<number> }> {
  checkPageSize(page.limit)
  if (filter.startDate !== undefined && filter.endDate !== undefined && filter.startDate > filter.endDate) {
    throw new ApiError('BAD_USER_INPUT', 'startDate is after endDate')
  }
  const clientId = scopeClient(viewer, filter.clientId)
  const scoped = { ...filter, ...(clientId !== undefined && { clientId }) }
  return { ...(await logs.listLogs(scoped, page)), total: () => logs.countLogs(scoped) }
}

export async function findLog(viewer: Viewer, id: string, logs: LogReader): Promise<Log> {
  return ownedBy(viewer, await logs.findLog(id), 'log')
}
