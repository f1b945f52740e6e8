import type { Fact } from '../../domain/activity.js'
import type { ReceivedEvent } from '../../domain/event.js'
import { pause } from '../../lib/wait.js'
import type { InOrder, Positions, RecordPorts } from './ports.js'
import { type Batch, recordBatch } from './record.js'

export type RecordOptions = {
  /** Names this process in the lease. */
  readonly holder: string
  /** The database does not answer, or the like; the loop starts over from the stored position. */
  onError(error: unknown): void
  readonly onBatch?: (size: number, durationMs: number) => void
}

export type RecordRunner = {
  /** Stops after the batch in hand and gives the lease up. */
  stop(): Promise<void>
  /** Whether this process is the writer and its last write went well. */
  isWriting(): boolean
}

/**
 * Another writer took over while we thought the lease was ours, or the database holds what it should not. Said, since a
 * writer that is fenced again and again would otherwise fall behind in silence.
 */
export class FencedError extends Error {
  override readonly name = 'FencedError'
  constructor() {
    super('A later writer, or a document that is not ours to change, refused the batch')
  }
}

const LEASE_MS = 10_000
const RENEW_MS = 3_000
const STANDBY_MS = 1_000
const MAX_BATCH = 500
const WAIT_MS = 500
/** Between two batches, so that under load they are fewer and larger. */
const GATHER_MS = 20

/**
 * The one writer of the read model. A lease in the database decides who that is; it starts from the position stored
 * beside the data, so a database that lost its last moments, or a new one, is filled up again from the streams.
 */
export function startRecord(ports: RecordPorts, options: RecordOptions): RecordRunner {
  const stopping = new AbortController()
  const state = { writing: false }
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const lease = await ports.readModel.acquireLease(options.holder, LEASE_MS)
        if (
          lease !== null &&
          (await writeWhileLeased(lease.epoch, ports, options, state, stopping.signal)) === 'fenced'
        )
          throw new FencedError()
      } catch (error) {
        options.onError(error)
        // What was under way may still reach the database: the next lease has a later epoch, which fences it.
        await ports.readModel.releaseLease(options.holder).catch(options.onError)
      }
      state.writing = false
      await pause(STANDBY_MS, stopping.signal)
    }
  }
  const running = loop()
  return {
    isWriting: () => state.writing,
    stop: async () => {
      stopping.abort()
      await running
      // Best effort: a lease not given up runs out by itself.
      await ports.readModel.releaseLease(options.holder).catch(options.onError)
    },
  }
}

async function writeWhileLeased(
  epoch: number,
  ports: RecordPorts,
  options: RecordOptions,
  state: { writing: boolean },
  signal: AbortSignal,
): Promise<'stopped' | 'fenced'> {
  let positions = await ports.readModel.readPositions()
  let end = await ports.readModel.readBatchEnd()
  const received = bounded(ports.readReceived(positions.webhooks))
  const facts = bounded(ports.readFacts(positions.activity))
  try {
    let renewAt = Date.now() + RENEW_MS
    while (!signal.aborted) {
      if (Date.now() >= renewAt) {
        const lease = await ports.readModel.acquireLease(options.holder, LEASE_MS)
        if (lease?.epoch !== epoch) return 'fenced'
        renewAt = Date.now() + RENEW_MS
      }
      const batch: Batch =
        end === null
          ? await nextBatch(received, facts, positions, signal)
          : await sameBatch(received, facts, { from: positions, to: end, signal })
      if (signal.aborted && end !== null) return 'stopped'
      end = null
      if (batch.received.length + batch.facts.length > 0) {
        const startedAt = performance.now()
        if ((await recordBatch(batch, epoch, ports)) === 'fenced') return 'fenced'
        options.onBatch?.(batch.received.length + batch.facts.length, performance.now() - startedAt)
        positions = batch.to
        await pause(GATHER_MS, signal)
      }
      state.writing = true
    }
    return 'stopped'
  } finally {
    await Promise.all([received.close(), facts.close()])
  }
}

/** A stream from which records beyond a bound can be left for the next read. */
type Bounded<T> = InOrder<T> & {
  /** Everything from here to sequence `last`, which the stream holds, or held. */
  readThrough(last: number, signal: AbortSignal): Promise<readonly T[]>
}

function bounded<T>(stream: InOrder<T>): Bounded<T> {
  let left: Awaited<ReturnType<InOrder<T>['read']>> = []
  const read: InOrder<T>['read'] = async (max, waitMs, signal) => {
    if (left.length === 0) return stream.read(max, waitMs, signal)
    const records = left.slice(0, max)
    left = left.slice(max)
    return records
  }
  return {
    close: stream.close,
    read,
    readThrough: async (last, signal) => {
      const values: T[] = []
      while (!signal.aborted) {
        const records = await read(MAX_BATCH, WAIT_MS, signal)
        const beyond = records.filter(({ sequence }) => sequence > last)
        values.push(...records.filter(({ sequence }) => sequence <= last).map(({ value }) => value))
        left = [...beyond, ...left]
        if (beyond.length > 0 || records.at(-1)?.sequence === last) break
      }
      return values
    },
  }
}

/** The batch that was cut short, once more: of both streams just what it held. */
async function sameBatch(
  received: Bounded<ReceivedEvent>,
  facts: Bounded<Fact>,
  { from, to, signal }: { readonly from: Positions; readonly to: Positions; readonly signal: AbortSignal },
): Promise<Batch> {
  const [events, changes] = await Promise.all([
    to.webhooks > from.webhooks ? received.readThrough(to.webhooks, signal) : [],
    to.activity > from.activity ? facts.readThrough(to.activity, signal) : [],
  ])
  return { received: events, facts: changes, from, to }
}

/** Whatever has come in either stream; waits a moment when there is nothing in both. */
async function nextBatch(received: InOrder<ReceivedEvent>, facts: InOrder<Fact>, from: Positions, signal: AbortSignal) {
  const settled = new AbortController()
  const either = AbortSignal.any([signal, settled.signal])
  const first = <T>(read: Promise<readonly T[]>): Promise<readonly T[]> =>
    read.then((records) => {
      if (records.length > 0) settled.abort()
      return records
    })
  const [events, changes] = await Promise.all([
    first(received.read(MAX_BATCH, WAIT_MS, either)),
    first(facts.read(MAX_BATCH, WAIT_MS, either)),
  ])
  const to: Positions = {
    webhooks: events.at(-1)?.sequence ?? from.webhooks,
    activity: changes.at(-1)?.sequence ?? from.activity,
  }
  return { received: events.map(({ value }) => value), facts: changes.map(({ value }) => value), from, to }
}
