import { AckPolicy, type ConsumerMessages, DeliverPolicy, type JsMsg, nanos } from 'nats'
import { createBell, pause } from '../lib/wait.js'
import type { StreamConnection } from './connection.js'

export type StreamRecord = {
  readonly sequence: number
  readonly subject: string
  readonly data: Uint8Array
  header(name: string): string | undefined
}

/** Reads a stream in order from a place the caller keeps, with no gap, across restarts of the broker. */
export type StreamReader = {
  /** The next records, at most `max`; waits up to `waitMs` for the first and returns none when none came. */
  read(max: number, waitMs: number, signal?: AbortSignal): Promise<readonly StreamRecord[]>
  close(): Promise<void>
}

export type ReaderOptions = {
  readonly stream: string
  /** Starts with the first record after this sequence; 0 is the beginning. */
  readonly after: number
  onError(error: unknown): void
}

const PULL_MESSAGES = 500
/** Records held in memory for a slow caller; beyond this the broker waits. */
const MAX_BUFFERED = 2_000
const INACTIVE_MS = 60_000
const RECREATE_MS = 250

/**
 * An ephemeral consumer without acknowledgements, recreated after the last record seen whenever the broker forgot it
 * or a message was lost on the way (the consumer's own numbering shows a gap).
 */
export function createReader(connection: StreamConnection, options: ReaderOptions): StreamReader {
  const closing = new AbortController()
  const buffer: StreamRecord[] = []
  const arrived = createBell()
  const drained = createBell()
  let last = options.after
  let current: ConsumerMessages | undefined

  const follow = async (): Promise<void> => {
    current = await consumeFrom(connection, options.stream, last + 1)
    // Closed meanwhile: nobody stops this one, and without a message it would wait for ever.
    if (closing.signal.aborted) return current.stop()
    let expected = 1
    for await (const message of current) {
      if (message.info.deliverySequence !== expected) return current.stop()
      expected += 1
      last = message.seq
      buffer.push(toRecord(message))
      arrived.ring()
      while (buffer.length >= MAX_BUFFERED && !closing.signal.aborted) await drained.wait(closing.signal)
      if (closing.signal.aborted) return
    }
  }
  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        options.onError(error)
      }
      await pause(RECREATE_MS, closing.signal)
    }
  }
  const running = loop()
  return {
    read: async (max, waitMs, signal) => {
      if (buffer.length === 0) await arrived.wait(signal, waitMs)
      const records = buffer.splice(0, max)
      // What is left must wake the next call at once.
      if (buffer.length > 0) arrived.ring()
      drained.ring()
      return records
    },
    close: async () => {
      closing.abort()
      current?.stop()
      await running
    },
  }
}

async function consumeFrom(
  connection: StreamConnection,
  stream: string,
  startSequence: number,
): Promise<ConsumerMessages> {
  const { name } = await connection.jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: startSequence,
    inactive_threshold: nanos(INACTIVE_MS),
    mem_storage: true,
    num_replicas: 1,
  })
  const consumer = await connection.js.consumers.get(stream, name)
  return await consumer.consume({ max_messages: PULL_MESSAGES, abort_on_missing_resource: true })
}

function toRecord(message: JsMsg): StreamRecord {
  return {
    sequence: message.seq,
    subject: message.subject,
    data: message.data,
    header: (name) => (message.headers?.has(name) ? message.headers.get(name) : undefined),
  }
}
