import type { Fact } from '../../domain/activity.js'
import type { ReceivedEvent } from '../../domain/event.js'
import type { Log } from '../../domain/log.js'
import type { Menu } from '../../domain/menu.js'
import type { Order, OrderStatus } from '../../domain/order.js'

/** How far the read model has got in each stream: the last sequence whose data is written. */
export type Positions = { readonly webhooks: number; readonly activity: number }

/** A status kept with its order: the order is folded anew from all of them, so arrival order does not matter. */
export type OrderChangeEntry = {
  readonly eventId: string
  readonly to: OrderStatus
  readonly reason: string | null
  readonly occurredAt: string
  readonly dedupeKey: string
}

/** The stored order: the newest snapshot the platform sent (null while only changes came) and every change. */
export type OrderDocument = {
  readonly id: string
  readonly clientId: string
  readonly snapshot: Order | null
  /** Time and id of the event the snapshot came with: what a newer one must exceed. */
  readonly snapshotAt: string | null
  readonly changes: readonly OrderChangeEntry[]
  /** `pending` until the order itself is known, whatever statuses are parked. */
  readonly status: OrderStatus
  /** The highest that dispatch gave one of its events. */
  readonly revision: number
}

/**
 * The read model as its one writer sees it. `epoch` fences: a writer that lost the lease to a later one
 * (a greater epoch) changes nothing any more.
 */
export type ReadModel = {
  /** Takes or renews the writer's lease; null while another holds it. */
  acquireLease(holder: string, ttlMs: number): Promise<{ readonly epoch: number } | null>
  releaseLease(holder: string): Promise<void>
  readPositions(): Promise<Positions>
  /**
   * Where the batch ended that was begun and not finished, if one was: the next batch MUST end there too, so that what was
   * counted of it already is not counted again.
   */
  readBatchEnd(): Promise<Positions | null>
  /** Without payloads (`payload` is null): the fold does not need them. */
  loadLogs(ids: readonly string[]): Promise<ReadonlyMap<string, Log>>
  loadOrders(ids: readonly string[]): Promise<ReadonlyMap<string, OrderDocument>>
  loadMenus(ids: readonly string[]): Promise<ReadonlyMap<string, Menu>>
  /**
   * Writes a batch: logs, then orders, then menus, then what stats make of them, then the positions, each idempotent. A log whose `payload` is null keeps the stored payload.
   * 'fenced' when a later writer has taken over or the stored position is not `from` (it is then unchanged).
   */
  writeBatch(batch: {
    readonly epoch: number
    readonly logs: readonly Log[]
    readonly orders: readonly OrderDocument[]
    readonly menus: readonly Menu[]
    /** What the stored position must be: a database that lost its last moments is not skipped past. */
    readonly from: Positions
    readonly positions: Positions
  }): Promise<'written' | 'fenced'>
}

/** A stream read in order from a place the caller keeps. */
export type InOrder<T> = {
  /** The next records, at most `max`; waits up to `waitMs` for the first and gives none when none came. */
  read(
    max: number,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly sequence: number; readonly value: T }[]>
  close(): Promise<void>
}

/** What record needs of the rest of the system. */
export type RecordPorts = {
  readonly readModel: ReadModel
  /** Undecodable messages are left out (and reported where they are decoded). */
  readReceived(after: number): InOrder<ReceivedEvent>
  readFacts(after: number): InOrder<Fact>
  /** An endpoint answered 410 at `at`: its registration is disabled, unless it was changed since. */
  disableWebhook(fact: { readonly clientId: string; readonly webhookId: string; readonly at: string }): Promise<void>
}
