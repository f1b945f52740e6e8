import { commitBatch, commitEach } from './commit.js'
import type { StreamConnection } from './connection.js'
import type { PublishResult, StreamMessage } from './message.js'

export type Publisher = {
  publish(message: StreamMessage): Promise<PublishResult>
  /** Messages waiting or in flight. */
  pending(): number
  /** Resolves when nothing is waiting or in flight any more. */
  flush(): Promise<void>
}

export type PublisherOptions = {
  /** Told the size and duration of every commit that was acknowledged. */
  readonly onCommit?: (messages: number, durationMs: number) => void
  /** Commits under way at once; the next one collects what comes meanwhile. */
  readonly maxCommitsInFlight?: number
  /** How long the server may take to acknowledge. */
  readonly timeoutMs?: number
}

/** nats-server takes at most 1,000 messages a batch and 50 batches at once; measured best here: one commit in flight, whatever came meanwhile in the next (docs/decisions/0004). */
const MAX_BATCH_MESSAGES = 256
/** A batch makes nats-server open and remove a store of its own (2.7 ms here): up to this many, an fsync each costs less. */
const MAX_PLAIN_MESSAGES = 8
const MAX_BATCH_BYTES = 4 * 1024 * 1024
/** Beyond these, load is refused (503) instead of queued into memory. */
const MAX_PENDING_MESSAGES = 20_000
const MAX_PENDING_BYTES = 128 * 1024 * 1024
const TIMEOUT_MS = 5_000

const DISCONNECTED: PublishResult = { outcome: 'unavailable', reason: 'NATS is not connected' }
const OVERLOADED: PublishResult = { outcome: 'unavailable', reason: 'too many messages are waiting to be stored' }

type Entry = StreamMessage & { readonly resolve: (result: PublishResult) => void }

/**
 * Group commit: concurrent publishes to one stream are committed as one JetStream atomic batch, so that they share one
 * fsync (one a message reaches ~1,000/s, batches tens of thousands). It batches on back-pressure alone: a message that
 * finds the publisher idle leaves at once; those that come while a commit is in flight leave together, a few of them as
 * plain publishes.
 */
export function createPublisher(connection: StreamConnection, options: PublisherOptions = {}): Publisher {
  const { maxCommitsInFlight = 1, timeoutMs = TIMEOUT_MS, onCommit } = options
  let queue: Entry[] = []
  let queuedBytes = 0
  const commits = new Set<readonly Entry[]>()
  let idleWaiters: (() => void)[] = []

  const isIdle = (): boolean => queue.length === 0 && commits.size === 0
  const pump = (): void => {
    while (queue.length > 0 && commits.size < maxCommitsInFlight) void run(takeBatch())
    if (!isIdle()) return
    for (const wake of idleWaiters) wake()
    idleWaiters = []
  }
  const takeBatch = (): Entry[] => {
    const count = batchLength(queue)
    const batch = queue.splice(0, count)
    queuedBytes -= byteLength(batch)
    return batch
  }
  const run = async (batch: Entry[]): Promise<void> => {
    commits.add(batch)
    const startedAt = performance.now()
    const results =
      batch.length <= MAX_PLAIN_MESSAGES
        ? await commitEach(connection, batch, timeoutMs)
        : await commitBatch(connection, batch, timeoutMs)
    for (const [index, entry] of batch.entries()) entry.resolve(results[index] ?? DISCONNECTED)
    if (results.some(({ outcome }) => outcome === 'stored')) onCommit?.(batch.length, performance.now() - startedAt)
    commits.delete(batch)
    pump()
  }
  // What is in flight when the link drops can only be answered "unknown": better now than after the time-out, which
  // nothing that comes once the link is back has to wait for either.
  connection.onChange((up) => {
    if (up) return
    const lost = [...queue, ...[...commits].flat()]
    queue = []
    queuedBytes = 0
    commits.clear()
    for (const entry of lost) entry.resolve(DISCONNECTED)
    pump()
  })
  return {
    publish: (message) =>
      new Promise((resolve) => {
        if (!connection.isUp()) return resolve(DISCONNECTED)
        if (queue.length >= MAX_PENDING_MESSAGES || queuedBytes >= MAX_PENDING_BYTES) return resolve(OVERLOADED)
        const { subject, data, headers } = message
        queue.push({ subject, data, ...(headers && { headers }), resolve })
        queuedBytes += message.data.byteLength
        // Requests parsed in the same turn of the event loop belong in the same commit.
        if (queue.length === 1 && commits.size < maxCommitsInFlight) setImmediate(pump)
      }),
    pending: () => queue.length + [...commits].reduce((sum, batch) => sum + batch.length, 0),
    flush: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  }
}

/** How many of the first messages make one commit: at least one, within the batch's bounds. */
function batchLength(queue: readonly Entry[]): number {
  let bytes = 0
  let count = 0
  for (const entry of queue) {
    bytes += entry.data.byteLength
    if (count === MAX_BATCH_MESSAGES || (count > 0 && bytes > MAX_BATCH_BYTES)) break
    count += 1
  }
  return count
}

function byteLength(batch: readonly Entry[]): number {
  return batch.reduce((sum, entry) => sum + entry.data.byteLength, 0)
}
