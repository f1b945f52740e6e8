import type { MsgHdrs, PubAck } from 'nats'
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

/** Plain publishes, an fsync each: what one of them comes to says nothing of the others. */
export function commitEach(
  connection: StreamConnection,
  batch: readonly StreamMessage[],
  timeoutMs: number,
): Promise<PublishResult[]> {
  return Promise.all(
    batch.map(async (message) => resultOf(await request(connection, message, toHeaders(message), timeoutMs))),
  )
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
    const isLast = index === batch.length - 1
    const sequence = `Nats-Batch-Id: ${batchId}\r\nNats-Batch-Sequence: ${index + 1}\r\n`
    const head = toHeaders(message, isLast ? `${sequence}Nats-Batch-Commit: 1\r\n` : sequence)
    if (isLast) answer = await request(connection, message, head, timeoutMs)
    else if (!tryPublish(connection, message, head)) return batch.map(() => UNSENT)
  }
  if (!('unanswered' in answer) && answer.error !== undefined && answer.error.code < 500) {
    return commitEach(connection, batch, timeoutMs)
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

/** "Wrong last sequence", in its two forms. */
const CONFLICT_CODES: readonly (number | undefined)[] = [10_071, 10_164]

function resultOf(answer: Acknowledgement | Unanswered): PublishResult {
  if ('unanswered' in answer) return { outcome: 'unavailable', reason: answer.unanswered }
  if (CONFLICT_CODES.includes(answer.error?.err_code))
    return { outcome: 'unavailable', reason: 'the subject was written meanwhile', isConflict: true }
  if (answer.error !== undefined)
    return { outcome: 'unavailable', reason: answer.error.description ?? `error ${answer.error.code}` }
  return { outcome: 'stored', duplicate: answer.duplicate ?? false }
}

/**
 * Headers in their wire form (ADR-4). The client's own class checks and rewrites every name and value anew, which cost
 * more than the rest of a publish; ours are known to be right, and of headers to send the client only calls `encode`.
 */
function toHeaders({ headers = {} }: StreamMessage, batch = ''): MsgHdrs {
  let text = `NATS/1.0\r\n${batch}`
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`
  const bytes = Buffer.from(`${text}\r\n`, 'latin1')
  return { encode: () => bytes } as unknown as MsgHdrs
}
