import type { Client } from '../../domain/client.js'
import type { Delivery } from '../../domain/delivery.js'
import type { Log } from '../../domain/log.js'
import { manualDelivery } from '../../domain/manual-delivery.js'
import { pause } from '../../lib/wait.js'

/** A replay job as its worker sees it. Times RFC 3339. */
export type ReplayTask = {
  readonly id: string
  /** Logs a second. */
  readonly ratePerSecond: number
  readonly processed: number
  readonly queued: number
  readonly skipped: number
  /** The last log done. */
  readonly position: { readonly at: string; readonly id: string } | null
  /** When it last moved. */
  readonly updatedAt: string
}

export type ReplayPorts<T extends ReplayTask> = {
  /** Takes a job that nobody works on, for `ttlMs`; null where there is none. */
  take(ttlMs: number): Promise<T | null>
  /** The job's next logs after its position, at most `limit`, with their payloads. */
  nextLogs(task: T, limit: number): Promise<{ readonly items: readonly Log[]; readonly hasMore: boolean }>
  /** Writes what was done; null when the job was cancelled, or another works on it. */
  advance(id: string, progress: Omit<ReplayTask, 'id' | 'ratePerSecond'>, ttlMs: number): Promise<T | null>
  end(id: string, end: { readonly status: 'completed' | 'failed'; readonly error: string | null }): Promise<void>
  release(id: string): Promise<void>
  findClient(clientId: string): Client | undefined
  /** Resolves when the delivery is durable; one with the same `dedupeId` is taken once within the hour. */
  enqueue(delivery: Delivery, dedupeId: string): Promise<void>
  /** Whether live deliveries are waiting: a replay lets them go first. */
  isBusy(): Promise<boolean>
  now(): Date
}

const LEASE_MS = 15_000
const IDLE_MS = 1_000
/** Logs are done in steps of this time, so that a slow rate is even and a fast one reads in pages. */
const STEP_MS = 500
/** A job that could not move for so long is not going to. */
const GIVE_UP_MS = 3_600_000

/**
 * Works on replay jobs, one at a time: each log's registrations get one manual attempt, which neither uses up nor renews
 * the automatic ones. The position is written after the work it covers, so a process that dies repeats its last step,
 * and the queue drops what it has.
 */
export function startReplays<T extends ReplayTask>(
  ports: ReplayPorts<T>,
  options: { onError(error: unknown): void },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const task = await ports.take(LEASE_MS).catch(options.onError)
      if (task) await work(task, ports, options, stopping.signal)
      else await pause(IDLE_MS, stopping.signal)
    }
  }
  const running = loop()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

async function work<T extends ReplayTask>(
  taken: T,
  ports: ReplayPorts<T>,
  options: { onError(error: unknown): void },
  signal: AbortSignal,
): Promise<void> {
  let task: T = taken
  try {
    while (!signal.aborted) {
      const startedAt = Date.now()
      const next = await step(task, ports)
      if (next === null) return
      task = next
      await pause(Math.max(0, STEP_MS - (Date.now() - startedAt)), signal)
    }
  } catch (error) {
    options.onError(error)
    await giveUpOrWait(task, error, ports).catch(options.onError)
    await pause(IDLE_MS, signal)
  }
  await ports.release(task.id).catch(options.onError)
}

/** One step of a job: the job as it then is, null when it is over. */
async function step<T extends ReplayTask>(task: T, ports: ReplayPorts<T>): Promise<T | null> {
  const { processed, queued, skipped, position, updatedAt } = task
  if (await ports.isBusy()) return ports.advance(task.id, { processed, queued, skipped, position, updatedAt }, LEASE_MS)
  const { items, hasMore } = await ports.nextLogs(task, Math.max(1, Math.round((task.ratePerSecond * STEP_MS) / 1_000)))
  const sent = await Promise.all(items.map((log) => send(log, task.id, ports)))
  const last = items.at(-1)
  const progress = {
    processed: processed + items.length,
    queued: queued + sent.reduce((sum, count) => sum + count, 0),
    skipped: skipped + sent.filter((count) => count === 0).length,
    position: last === undefined ? position : { at: last.timestamp, id: last.id },
    updatedAt: ports.now().toISOString(),
  }
  const advanced = await ports.advance(task.id, progress, LEASE_MS)
  if (advanced === null || hasMore) return advanced
  await ports.end(task.id, { status: 'completed', error: null })
  return null
}

/** How many deliveries were queued: one for each registration the event was handed to that is there and active. */
async function send<T extends ReplayTask>(log: Log, jobId: string, ports: ReplayPorts<T>): Promise<number> {
  const active = (ports.findClient(log.clientId)?.webhooks ?? []).filter(
    ({ id, status }) => status === 'active' && log.webhookIds?.includes(id),
  )
  const deliveries = active.flatMap(
    ({ id }) => manualDelivery(log, id, { priority: 'low', queuedAt: ports.now().toISOString() }) ?? [],
  )
  // By the job: a step that is repeated after a crash queues what it has queued, however many attempts were made since.
  for (const delivery of deliveries) await ports.enqueue(delivery, `${jobId}.${log.id}.${delivery.webhookId}`)
  return deliveries.length
}

async function giveUpOrWait<T extends ReplayTask>(task: T, error: unknown, ports: ReplayPorts<T>): Promise<void> {
  if (ports.now().getTime() - Date.parse(task.updatedAt) < GIVE_UP_MS) return
  const why = error instanceof Error ? error.message : String(error)
  await ports.end(task.id, { status: 'failed', error: `No progress for an hour: ${why}` })
}
