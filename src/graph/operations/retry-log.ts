import type { Log } from '../../domain/log.js'
import { type Caller, requireRole } from '../auth.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'
import { audit } from './audit.js'
import { findLog } from './list-logs.js'

/**
 * Puts one more attempt of each delivery that has failed so far on the queue. Operators and above. A manual attempt
 * neither uses up nor renews the automatic ones. Throws CONFLICT where there is nothing to retry.
 */
export async function retryLog(
  viewer: Caller,
  id: string,
  ports: Pick<GraphPorts, 'logs' | 'retries' | 'audit' | 'now'>,
): Promise<Log> {
  requireRole(viewer, 'operator')
  const log = await findLog(viewer, id, ports.logs)
  const failing = failingWebhooks(log)
  if (failing.length === 0) throw new ApiError('CONFLICT', whyNothing(log))
  await ports.retries.requestRetry(log, failing)
  const { clientId } = log
  await audit(viewer, { action: 'retryLog', targetId: id, clientId, changes: { webhookIds: failing } }, ports)
  return log
}

/** Registrations that have had an attempt and no success. One whose first attempt is under way is not retried: it would get the event twice. */
function failingWebhooks({ canonical, webhookIds, attempts }: Log): readonly string[] {
  if (canonical === null) return []
  const tried = new Set(attempts.map(({ webhookId }) => webhookId))
  const delivered = new Set(attempts.filter(({ result }) => result === 'delivered').map(({ webhookId }) => webhookId))
  return (webhookIds ?? []).filter((webhookId) => tried.has(webhookId) && !delivered.has(webhookId))
}

function whyNothing({ stage, canonical, webhookIds }: Log): string {
  if (stage === 'rejected') return 'A rejected request was not kept and cannot be retried'
  if (canonical === null) return 'The event is still being dispatched'
  if (webhookIds?.length === 0) return 'No registration asked for this event'
  return stage === 'delivered' ? 'The event is already delivered' : 'The first attempt is still under way'
}
