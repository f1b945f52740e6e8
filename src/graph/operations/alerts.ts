import { createBell } from '../../lib/wait.js'
import { type Caller, requireRole, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts, KnownAlert } from '../ports.js'
import { audit } from './audit.js'

const MAX_LISTED = 500
/** Changes kept for a subscriber that reads slower than they come; older ones are in the list. */
const MAX_QUEUED = 1_000

/** Alerts a caller may see, newest first, the newest five hundred: active, cleared, or both. */
export function listAlerts(
  viewer: Viewer,
  active: boolean | undefined,
  { alerts }: Pick<GraphPorts, 'alerts'>,
): readonly KnownAlert[] {
  return alerts
    .listAlerts()
    .filter(({ alert }) => active === undefined || active === (alert.resolvedAt === null))
    .filter((known) => maySee(viewer, known))
    .slice(0, MAX_LISTED)
}

/** Somebody has seen it: it stays, and says who. */
export async function acknowledgeAlert(
  caller: Caller,
  id: string,
  ports: Pick<GraphPorts, 'alerts' | 'audit' | 'now'>,
): Promise<KnownAlert> {
  requireRole(caller, 'operator')
  const known = ports.alerts.findAlert(id)
  if (known === undefined || !maySee(caller, known)) throw new ApiError('NOT_FOUND', 'No such alert')
  if (known.acknowledgement !== null) return known
  const acknowledgement = { v: 1, at: ports.now().toISOString(), by: caller.subject ?? caller.role } as const
  await ports.alerts.acknowledge(id, acknowledgement)
  const { clientId } = known.alert
  await audit(caller, { action: 'acknowledgeAlert', targetId: id, clientId, changes: null }, ports)
  return { ...known, acknowledgement }
}

/** Every alert that fires, clears or is acknowledged, of those a caller may see. */
export function followAlerts(
  viewer: Viewer,
  { alerts }: Pick<GraphPorts, 'alerts'>,
): AsyncIterableIterator<KnownAlert> {
  const stopping = new AbortController()
  const queue: KnownAlert[] = []
  const arrived = createBell()
  const stop = alerts.onChange((known) => {
    if (!maySee(viewer, known)) return
    queue.push(known)
    if (queue.length > MAX_QUEUED) queue.shift()
    arrived.ring()
  })
  return {
    next: async () => {
      for (;;) {
        const value = queue.shift()
        if (value !== undefined) return { done: false, value }
        if (stopping.signal.aborted) return { done: true, value: undefined }
        await arrived.wait(stopping.signal)
      }
    },
    return: async () => {
      stop()
      stopping.abort()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What is wrong with the whole installation is nothing for a token of one client. */
function maySee({ client }: Viewer, { alert }: KnownAlert): boolean {
  return client === undefined || alert.clientId === client
}
