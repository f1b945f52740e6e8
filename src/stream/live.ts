import { createBell } from '../lib/wait.js'
import type { StreamConnection } from './connection.js'
import { createReader, type StreamRecord } from './reader.js'

/** What a subscriber asked for cannot be given: `expired` — no longer (or never) in the stream; `lagged` — it read too slowly. */
export class LiveError extends Error {
  override readonly name = 'LiveError'
  constructor(
    readonly reason: 'expired' | 'lagged',
    message: string,
  ) {
    super(message)
  }
}

/** One stream followed once per process and fanned out to any number of subscribers. */
export type Live = {
  /** Records from now on, or all after sequence `after` first: no gap, no duplicate. Ends with `signal`. Throws LiveError. */
  subscribe(options: { readonly after?: number; readonly signal: AbortSignal }): AsyncIterable<StreamRecord>
  close(): Promise<void>
}

/** Records kept for a subscriber that reads slower than they come. */
const MAX_QUEUED = 5_000
const READ_MAX = 500
const READ_WAIT_MS = 5_000

type Subscriber = { queue: StreamRecord[]; lagged: boolean; readonly arrived: ReturnType<typeof createBell> }

export async function openLive(
  connection: StreamConnection,
  options: { readonly stream: string; onError(error: unknown): void },
): Promise<Live> {
  const closing = new AbortController()
  const subscribers = new Set<Subscriber>()
  let last = (await connection.jsm.streams.info(options.stream)).state.last_seq
  const reader = createReader(connection, { ...options, after: last })
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const records = await reader.read(READ_MAX, READ_WAIT_MS, closing.signal)
      for (const subscriber of subscribers) offer(subscriber, records)
      last = records.at(-1)?.sequence ?? last
    }
  }
  const running = follow()
  async function* subscribe({
    after,
    signal,
  }: {
    readonly after?: number
    readonly signal: AbortSignal
  }): AsyncGenerator<StreamRecord> {
    const subscriber: Subscriber = { queue: [], lagged: false, arrived: createBell() }
    subscribers.add(subscriber)
    try {
      const joinedAt = last
      let reached = after ?? joinedAt
      if (after !== undefined) {
        await checkCursor(connection, options.stream, after)
        for await (const record of readGap(connection, options, { after, until: joinedAt, signal })) {
          reached = record.sequence
          yield record
        }
      }
      for await (const record of drain(subscriber, signal)) if (record.sequence > reached) yield record
    } finally {
      subscribers.delete(subscriber)
    }
  }
  return {
    subscribe,
    close: async () => {
      closing.abort()
      await reader.close()
      await running
    },
  }
}

function offer(subscriber: Subscriber, records: readonly StreamRecord[]): void {
  if (subscriber.queue.length + records.length > MAX_QUEUED) {
    subscriber.lagged = true
    subscriber.queue = []
  }
  if (!subscriber.lagged) subscriber.queue.push(...records)
  subscriber.arrived.ring()
}

async function* drain(subscriber: Subscriber, signal: AbortSignal): AsyncGenerator<StreamRecord> {
  while (!signal.aborted) {
    const records = subscriber.queue
    subscriber.queue = []
    yield* records
    if (subscriber.lagged)
      throw new LiveError(
        'lagged',
        'The subscriber reads slower than events come; subscribe again after its last cursor',
      )
    if (subscriber.queue.length === 0) await subscriber.arrived.wait(signal)
  }
}

/** The cursor must be a place the stream still knows what came after. */
async function checkCursor(connection: StreamConnection, stream: string, after: number): Promise<void> {
  const { state } = await connection.jsm.streams.info(stream)
  if (after + 1 < state.first_seq) throw new LiveError('expired', 'The cursor is older than the stream keeps')
  if (after > state.last_seq) throw new LiveError('expired', 'The cursor is not of this stream')
}

async function* readGap(
  connection: StreamConnection,
  options: { readonly stream: string; onError(error: unknown): void },
  range: { readonly after: number; readonly until: number; readonly signal: AbortSignal },
): AsyncGenerator<StreamRecord> {
  if (range.after >= range.until) return
  const reader = createReader(connection, { ...options, after: range.after })
  try {
    while (!range.signal.aborted) {
      for (const record of await reader.read(READ_MAX, READ_WAIT_MS, range.signal)) {
        if (record.sequence <= range.until) yield record
        if (record.sequence >= range.until) return
      }
    }
  } finally {
    await reader.close()
  }
}
