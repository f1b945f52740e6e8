import { randomId } from '../../domain/ids.js'
import type { Caller } from '../auth.js'
import { requireRole, scopeClient } from '../auth.js'
import type { AuditFilter, AuditLog, AuditRecord, GraphPorts, Listed, Page } from '../ports.js'

/** What was done to what. `changes` MUST hold no secret. */
export type AuditEntry = Pick<AuditRecord, 'action' | 'targetId' | 'clientId' | 'changes'>

/** Writes down who changed what, from where. Every mutation that has changed something ends with it. */
export function audit(
  { subject, role, client, remoteAddress, via }: Caller,
  entry: AuditEntry,
  ports: Pick<GraphPorts, 'audit' | 'now'>,
): Promise<void> {
  const actor = { subject: subject ?? null, role, client: client ?? null }
  return ports.audit.append({
    id: randomId('aud'),
    at: ports.now().toISOString(),
    actor,
    ...entry,
    remoteAddress,
    via,
  })
}

/** A page of the audit log. Admins only; a client's admin sees what was done to that client. */
export async function listAudit(
  viewer: Caller,
  filter: AuditFilter,
  page: Page,
  log: AuditLog,
): Promise<Listed<AuditRecord> & { total(): Promise<number> }> {
  requireRole(viewer, 'admin')
  const clientId = scopeClient(viewer, filter.clientId)
  const scoped = { ...filter, ...(clientId !== undefined && { clientId }) }
  return { ...(await log.listAudit(scoped, page)), total: () => log.countAudit(scoped) }
}
