import { headers, type MsgHdrs, type PubAck } from 'nats'
import { z } from 'zod'
import type { StreamConnection } from './connection.js'
import type { PublishResult, StreamMessage } from './message.js'

/** What a stream answers to a publish or to a batch's last message. */
const acknowledgementSchema = z.object({
  seq: z.number().optional(),
  duplicate: z.boolean().optional(),
  error: z.object({ code: z.number(), err_code: z.number().optional(), description: z.string().optional() }).optional(),
})
type Acknowledgement = z.infer<typeof acknowledgementSchema>

let batchCounter = 0
const processTag = `${process.pid.toString(36)}${Date.now().toString(36)}`

/** One message as a plain publish: cheaper than a batch of one (0.7 ms instead of 3 measured). */
export async function commitOne(
  connection: StreamConnection,
  batch: readonly StreamMessage[],
  timeoutMs: number,
): Promise<PublishResult[]> {
  const [message] = batch
  if (message === undefined) return []
  const answer = await request(connection, message, toHeaders(message), timeoutMs)
  return [resultOf(answer)]
}

/**
 * One atomic batch: all messages but the last are plain publishes, the last is the request that commits. A batch that the
 * server refuses whole (a duplicate id inside, too many batches in flight) stored nothing: each message is then published on its own.
 */
export async function commitBatch(
  connection: StreamConnection,
  batch: readonly StreamMessage[],
  timeoutMs: number,
): Promise<PublishResult[]> {
  batchCounter += 1
  const batchId = `${processTag}-${batchCounter}`
  let answer: Acknowledgement | Unanswered = { unanswered: 'empty batch' }
  for (const [index, message] of batch.entries()) {
    const head = toHeaders(message)
    head.set('Nats-Batch-Id', batchId)
    head.set('Nats-Batch-Sequence', String(index + 1))
    if (index < batch.length - 1) {
      if (!tryPublish(connection, message, head)) return batch.map(() => UNSENT)
      continue
    }
    head.set('Nats-Batch-Commit', '1')
    answer = await request(connection, message, head, timeoutMs)
  }
  if (!('unanswered' in answer) && answer.error !== undefined && answer.error.code < 500) {
    return Promise.all(
      batch.map(async (message) => resultOf(await request(connection, message, toHeaders(message), timeoutMs))),
    )
  }
  const result = resultOf(answer)
  return batch.map(() => result)
}

const UNSENT: PublishResult = { outcome: 'unavailable', reason: 'NATS is not connected' }

type Unanswered = { readonly unanswered: string }

async function request(
  connection: StreamConnection,
  message: StreamMessage,
  head: MsgHdrs,
  timeoutMs: number,
): Promise<Acknowledgement | Unanswered> {
  try {
    const reply = await connection.nc.request(message.subject, message.data, { headers: head, timeout: timeoutMs })
    return acknowledgementSchema.parse(reply.json<PubAck>())
  } catch (error) {
    // No responders (JetStream is away), time-out, or a link that just broke: whether it was stored is not known.
    return { unanswered: error instanceof Error ? error.message : String(error) }
  }
}

function tryPublish(connection: StreamConnection, message: StreamMessage, head: MsgHdrs): boolean {
  try {
    connection.nc.publish(message.subject, message.data, { headers: head })
    return true
  } catch {
    // The connection is closed for good (shutdown): the caller answers "unavailable".
    return false
  }
}

function resultOf(answer: Acknowledgement | Unanswered): PublishResult {
  if ('unanswered' in answer) return { outcome: 'unavailable', reason: answer.unanswered }
  if (answer.error !== undefined)
    return { outcome: 'unavailable', reason: answer.error.description ?? `error ${answer.error.code}` }
  return { outcome: 'stored', duplicate: answer.duplicate ?? false }
}

function toHeaders(message: StreamMessage): MsgHdrs {
  const head = headers()
  for (const [name, value] of Object.entries(message.headers ?? {})) head.set(name, value)
  return head
}
