import { scopeClient, type Viewer } from '../auth.js'
import type { GraphPorts } from '../ports.js'
import { checkInterval } from './interval.js'
import { poll } from './poll.js'
import { readStats, type Stats, type StatsRequest } from './read-stats.js'

/** The statistics a caller may see, now and whenever they have changed. Throws BAD_USER_INPUT on an interval out of bounds. */
export function followStats(
  viewer: Viewer,
  request: StatsRequest,
  intervalMs: number,
  ports: Pick<GraphPorts, 'stats' | 'logs' | 'now'>,
): AsyncIterableIterator<Stats> {
  scopeClient(viewer, request.clientId)
  return poll(() => readStats(viewer, request, ports), { intervalMs: checkInterval(intervalMs) })
}
