import { type DeadDelivery, deadDeliveries } from '../../domain/delivery-state.js'
import type { Log } from '../../domain/log.js'
import { type Caller, requireRole, scopeClient, type Viewer } from '../auth.js'
import { checkPageSize, MAX_PAGE } from '../cursor.js'
import type { DeadLetterFilter, GraphPorts, Listed, Page, UndeliveredCount } from '../ports.js'
import { audit } from './audit.js'
import { checkRange } from './list-logs.js'

/** An event with the deliveries of it that were given up. */
export type DeadLetter = { readonly log: Log; readonly deliveries: readonly DeadDelivery[] }

/** What a bulk operation did, or with `dryRun` would do. Counts are deliveries. */
export type Bulk = {
  readonly dryRun: boolean
  readonly matched: number
  readonly queued: number
  /** Their payload is no longer kept, or their registration is not there or not active. */
  readonly skipped: number
  /** Whether there are more than one call takes: ask again. */
  readonly hasMore: boolean
}

/** Events one call redrives at most. */
export const MAX_REDRIVE = 2_000

function scoped(viewer: Viewer, filter: DeadLetterFilter): DeadLetterFilter {
  checkRange(filter)
  const clientId = scopeClient(viewer, filter.clientId)
  return { ...filter, ...(clientId !== undefined && { clientId }) }
}

/** A page of what was given up, newest first, and how many events there are in all. */
export async function listDeadLetters(
  viewer: Viewer,
  filter: DeadLetterFilter,
  page: Page,
  { deadLetters }: Pick<GraphPorts, 'deadLetters'>,
): Promise<Listed<DeadLetter> & { total(): Promise<number> }> {
  checkPageSize(page.limit)
  const wanted = scoped(viewer, filter)
  const { items, hasMore } = await deadLetters.listDeadLogs(wanted, page)
  return {
    items: items.map((log) => toDeadLetter(log, wanted)),
    hasMore,
    total: () => deadLetters.countDeadLogs(wanted),
  }
}

function toDeadLetter(log: Log, { webhookId, reason }: DeadLetterFilter): DeadLetter {
  const deliveries = deadDeliveries(log).filter(
    (each) =>
      (webhookId === undefined || each.webhookId === webhookId) && (reason === undefined || each.reason === reason),
  )
  return { log, deliveries }
}

/** Deliveries that have not arrived: waiting, retrying or given up. Equal to a recount of the logs. */
export function countUndelivered(
  viewer: Viewer,
  clientId: string | undefined,
  { deadLetters }: Pick<GraphPorts, 'deadLetters'>,
): Promise<UndeliveredCount> {
  const owner = scopeClient(viewer, clientId)
  return deadLetters.countUndelivered(owner === undefined ? {} : { clientId: owner })
}

/**
 * One more attempt of every delivery that was given up and matches, behind live traffic: one manual attempt each.
 * Operators and above. With `dryRun` it counts only.
 */
export async function redriveDeadLetters(
  viewer: Caller,
  filter: DeadLetterFilter,
  dryRun: boolean,
  ports: Pick<GraphPorts, 'deadLetters' | 'clients' | 'audit' | 'now'>,
): Promise<Bulk> {
  requireRole(viewer, 'operator')
  const wanted = scoped(viewer, filter)
  const counts = { matched: 0, queued: 0, skipped: 0 }
  let page: Page = { limit: MAX_PAGE }
  let hasMore = true
  for (let taken = 0; hasMore && taken < MAX_REDRIVE; taken += MAX_PAGE) {
    const listed = await ports.deadLetters.listDeadLogs(wanted, page)
    const sent = await Promise.all(listed.items.map((log) => redrive(toDeadLetter(log, wanted), dryRun, ports)))
    for (const { matched, queued } of sent) {
      counts.matched += matched
      counts.queued += queued
      counts.skipped += matched - queued
    }
    const last = listed.items.at(-1)
    hasMore = listed.hasMore
    if (last !== undefined) page = { limit: MAX_PAGE, after: { at: last.timestamp, id: last.id } }
  }
  const changes = { filter: wanted, ...counts }
  if (!dryRun)
    await audit(
      viewer,
      { action: 'redriveDeadLetters', targetId: wanted.clientId ?? '*', clientId: wanted.clientId ?? null, changes },
      ports,
    )
  return { dryRun, ...counts, hasMore }
}

async function redrive(
  { log, deliveries }: DeadLetter,
  dryRun: boolean,
  { deadLetters, clients }: Pick<GraphPorts, 'deadLetters' | 'clients'>,
): Promise<{ readonly matched: number; readonly queued: number }> {
  const active = (await clients.findClient(log.clientId))?.webhooks.filter(({ status }) => status === 'active') ?? []
  const able = deliveries
    .map(({ webhookId }) => webhookId)
    .filter((webhookId) => log.canonical !== null && log.payload !== null && active.some(({ id }) => id === webhookId))
  if (!dryRun && able.length > 0) await deadLetters.redrive(log, able)
  return { matched: deliveries.length, queued: able.length }
}
