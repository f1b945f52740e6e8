import { hash } from 'node:crypto'
import { randomId } from '../../domain/ids.js'
import { type Caller, ownedBy, requireRole, scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts, Listed, LogFilter, Page, ReplayJob } from '../ports.js'
import { audit } from './audit.js'
import { checkIdempotencyKey, idOfKey } from './idempotency.js'
import { checkRange } from './list-logs.js'
import { poll } from './poll.js'

const DEFAULT_RATE = 20
const MAX_RATE = 1_000
const POLL_MS = 500

export type ReplayRequest = {
  readonly filter: LogFilter
  readonly dryRun: boolean
  /** Logs a second. */
  readonly ratePerSecond?: number | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

type Ports = Pick<GraphPorts, 'logs' | 'replays' | 'audit' | 'now'>

/** Starts sending matching events again, or only counts them. Operators and above. The events are those there are now. */
export async function startReplay(viewer: Caller, request: ReplayRequest, ports: Ports): Promise<ReplayJob> {
  requireRole(viewer, 'operator')
  const ratePerSecond = request.ratePerSecond ?? DEFAULT_RATE
  if (ratePerSecond < 1 || ratePerSecond > MAX_RATE)
    throw new ApiError('BAD_USER_INPUT', `ratePerSecond must be 1 to ${MAX_RATE}`)
  const at = ports.now().toISOString()
  const filter = scopedFilter(viewer, request.filter, at)
  const clientId = filter.clientId ?? null
  const job: ReplayJob = {
    id: jobId(viewer, request),
    status: request.dryRun ? 'completed' : 'running',
    filter,
    dryRun: request.dryRun,
    ratePerSecond,
    total: await ports.logs.countLogs(filter),
    processed: 0,
    queued: 0,
    skipped: 0,
    createdAt: at,
    updatedAt: at,
    finishedAt: request.dryRun ? at : null,
    error: null,
    position: null,
    clientId,
  }
  if (request.dryRun) return job
  const stored = await ports.replays.createReplay(job)
  // Another's job under the same key would be another id; the same key for something else is a mistake.
  if (!isSameRequest(stored, job)) throw new ApiError('CONFLICT', 'This idempotencyKey was used for another replay')
  if (stored.createdAt === job.createdAt)
    await audit(viewer, { action: 'replay', targetId: job.id, clientId, changes: { filter, ratePerSecond } }, ports)
  return stored
}

/** Only what was there when it was asked for: what comes later is live. */
function scopedFilter(viewer: Viewer, filter: LogFilter, now: string): LogFilter {
  checkRange(filter)
  const clientId = scopeClient(viewer, filter.clientId)
  return { ...filter, ...(clientId !== undefined && { clientId }), endDate: filter.endDate ?? now }
}

function jobId(viewer: Viewer, { idempotencyKey }: ReplayRequest): string {
  if (idempotencyKey == null) return randomId('rpl')
  return idOfKey('rpl', viewer, checkIdempotencyKey(idempotencyKey))
}

function isSameRequest(a: ReplayJob, b: ReplayJob): boolean {
  const essence = ({ filter: { endDate: _, ...filter }, ratePerSecond }: ReplayJob): string =>
    hash('sha256', JSON.stringify([Object.entries(filter).sort(), ratePerSecond]), 'hex')
  return essence(a) === essence(b)
}

export async function findReplay(
  viewer: Viewer,
  id: string,
  { replays }: Pick<GraphPorts, 'replays'>,
): Promise<ReplayJob> {
  return owned(viewer, await replays.findReplay(id))
}

export async function listReplays(
  viewer: Viewer,
  page: Page,
  { replays }: Pick<GraphPorts, 'replays'>,
): Promise<Listed<ReplayJob> & { total(): Promise<number> }> {
  const filter = viewer.client === undefined ? {} : { clientId: viewer.client }
  return { ...(await replays.listReplays(filter, page)), total: () => replays.countReplays(filter) }
}

/** Ends a running job; whoever asks again gets it as it ended. Operators and above. */
export async function cancelReplay(viewer: Caller, id: string, ports: Ports): Promise<ReplayJob> {
  requireRole(viewer, 'operator')
  const known = await findReplay(viewer, id, ports)
  const job = owned(viewer, await ports.replays.cancelReplay(id, ports.now().toISOString()))
  if (known.status === 'running' && job.status === 'cancelled')
    await audit(viewer, { action: 'cancelReplay', targetId: id, clientId: job.clientId, changes: null }, ports)
  return job
}

/** The job whenever it has moved, until it is over. */
export function followReplay(
  viewer: Viewer,
  id: string,
  ports: Pick<GraphPorts, 'replays'>,
): AsyncIterableIterator<ReplayJob> {
  return poll(() => findReplay(viewer, id, ports), {
    intervalMs: POLL_MS,
    isLast: ({ status }) => status !== 'running',
  })
}

/** A job over every client is for those who see every client. */
function owned(viewer: Viewer, job: ReplayJob | null): ReplayJob {
  ownedBy(viewer, job === null ? null : { clientId: job.clientId ?? '' }, 'replay job')
  // ownedBy has refused what is not there.
  return job as ReplayJob
}
