import { scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { poll } from './poll.js'
import { readStats, type Stats, type StatsRequest } from './read-stats.js'

const MIN_INTERVAL_MS = 250
const MAX_INTERVAL_MS = 60_000

/** The statistics a caller may see, now and whenever they have changed. Throws BAD_USER_INPUT on an interval out of bounds. */
export function followStats(
  viewer: Viewer,
  request: StatsRequest,
  intervalMs: number,
  ports: Pick<GraphPorts, 'stats' | 'now'>,
): AsyncIterableIterator<Stats> {
  scopeClient(viewer, request.clientId)
  if (intervalMs < MIN_INTERVAL_MS || intervalMs > MAX_INTERVAL_MS)
    throw new ApiError('BAD_USER_INPUT', `intervalMs must be ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}`)
  return poll(() => readStats(viewer, request, ports), { intervalMs })
}
