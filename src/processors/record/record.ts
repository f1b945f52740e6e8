import type { Fact } from '../../domain/activity.js'
import { type CanonicalEvent, orderIdIn, type ReceivedEvent } from '../../domain/event.js'
import { menuIdOf } from '../../domain/ids.js'
import type { Log } from '../../domain/log.js'
import { applyMenuEvent, type Menu } from '../../domain/menu.js'
import { applyFact, mergeReceived } from './fold-log.js'
import { applyEvent } from './fold-order.js'
import type { OrderDocument, Positions, RecordPorts } from './ports.js'

/** One batch of both streams, in stream order. */
export type Batch = {
  readonly received: readonly ReceivedEvent[]
  readonly facts: readonly Fact[]
  /** Where the batch starts: what the database must hold for it to be written. */
  readonly from: Positions
  readonly to: Positions
}

/** Folds a batch into the read model and writes it. Writing a batch again changes nothing. */
export async function recordBatch(batch: Batch, epoch: number, ports: RecordPorts): Promise<'written' | 'fenced'> {
  const events = batch.facts.flatMap((fact) => (fact.kind === 'dispatched' ? [fact.event] : []))
  const [logs, orders, menus] = await Promise.all([
    foldLogs(batch, ports),
    foldOrders(events, ports),
    foldMenus(events, ports),
  ])
  const written = await ports.readModel.writeBatch({
    epoch,
    logs,
    orders,
    menus,
    from: batch.from,
    positions: batch.to,
  })
  if (written === 'fenced') return 'fenced'
  for (const fact of batch.facts) {
    if (fact.kind === 'attempted' && fact.deadReason === 'webhook_gone') await ports.disableWebhook(fact)
  }
  return 'written'
}

async function foldLogs({ received, facts }: Batch, { readModel }: RecordPorts): Promise<readonly Log[]> {
  const ids = new Set([...received, ...facts].map(({ eventId }) => eventId))
  const logs = new Map(await readModel.loadLogs([...ids]))
  for (const event of received) logs.set(event.eventId, mergeReceived(logs.get(event.eventId) ?? null, event))
  for (const fact of facts) logs.set(fact.eventId, applyFact(logs.get(fact.eventId) ?? null, fact))
  return [...logs.values()]
}

async function foldOrders(
  events: readonly CanonicalEvent[],
  { readModel }: RecordPorts,
): Promise<readonly OrderDocument[]> {
  const ids = new Set(events.flatMap((event) => orderIdIn(event) ?? []))
  if (ids.size === 0) return []
  const orders = new Map(await readModel.loadOrders([...ids]))
  for (const event of events) {
    const id = orderIdIn(event)
    if (id === null) continue
    const order = applyEvent(orders.get(id) ?? null, event)
    if (order !== null) orders.set(id, order)
  }
  return [...orders.values()]
}

async function foldMenus(events: readonly CanonicalEvent[], { readModel }: RecordPorts): Promise<readonly Menu[]> {
  const updates = events.flatMap(({ id, provider, clientId, occurredAt, data }) =>
    data.menu === undefined ? [] : [{ id, provider, clientId, occurredAt, update: data.menu }],
  )
  if (updates.length === 0) return []
  const idOf = ({ provider, clientId, update }: (typeof updates)[number]): string =>
    menuIdOf(provider, clientId, update.storeRef)
  const menus = new Map(await readModel.loadMenus([...new Set(updates.map(idOf))]))
  for (const update of updates) menus.set(idOf(update), applyMenuEvent(menus.get(idOf(update)) ?? null, update))
  return [...menus.values()]
}
