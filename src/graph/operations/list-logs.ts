import type { Log } from '../../domain/log.js'
import { ownedBy, scopeClient, type Viewer } from '../auth.js'
import { checkPageSize } from '../cursor.js'
import { ApiError } from '../errors.js'
import type { Listed, LogFilter, LogReader, Page } from '../ports.js'

/** A page of logs this caller may see, and how many there are in all. */
export async function listLogs(
  viewer: Viewer,
  filter: LogFilter,
  page: Page,
  logs: LogReader,
): Promise<Listed<Log> & { total(): Promise<number> }> {
  checkPageSize(page.limit)
  checkRange(filter)
  const clientId = scopeClient(viewer, filter.clientId)
  const scoped = { ...filter, ...(clientId !== undefined && { clientId }) }
  return { ...(await logs.listLogs(scoped, page)), total: () => logs.countLogs(scoped) }
}

/** Throws BAD_USER_INPUT on a range that runs backwards. */
export function checkRange({ startDate, endDate }: Pick<LogFilter, 'startDate' | 'endDate'>): void {
  if (startDate !== undefined && endDate !== undefined && startDate > endDate)
    throw new ApiError('BAD_USER_INPUT', 'startDate is after endDate')
}

export async function findLog(viewer: Viewer, id: string, logs: LogReader): Promise<Log> {
  return ownedBy(viewer, await logs.findLog(id), 'log')
}
