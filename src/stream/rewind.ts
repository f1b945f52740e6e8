import { AckPolicy, DeliverPolicy, nanos } from 'nats'
import type { StreamConnection } from './connection.js'
import { messageFrom } from './direct-get.js'
import type { ConsumerPlace } from './topology.js'

const TIMEOUT_MS = 10_000
const INACTIVE_MS = 10_000

/**
 * Has a consumer go again through what came up to `backMs` before the message it had dealt with everything until (ADR-60,
 * nats-server ≥ 2.14). Resolves to the sequence it starts from; null where it had dealt with nothing.
 */
export async function rewindConsumer(
  connection: StreamConnection,
  { stream, config }: ConsumerPlace,
  backMs: number,
): Promise<number | null> {
  const { nc, jsm } = connection
  const { ack_floor: dealtWith } = await jsm.consumers.info(stream, config.durable_name)
  if (dealtWith.stream_seq === 0) return null
  const last = await messageFrom(connection, stream, dealtWith.stream_seq)
  const seq = last === null ? 1 : await firstSince(connection, stream, new Date(last.at.getTime() - backMs))
  const subject = `$JS.API.CONSUMER.RESET.${stream}.${config.durable_name}`
  const answer = (await nc.request(subject, JSON.stringify({ seq }), { timeout: TIMEOUT_MS })).json<{
    readonly error?: { readonly description?: string }
  }>()
  if (answer.error !== undefined)
    throw new Error(`nats-server does not rewind ${config.durable_name}: ${answer.error.description}`)
  return seq
}

/** A consumer that begins at a time tells at which sequence that is. */
async function firstSince({ jsm }: StreamConnection, stream: string, since: Date): Promise<number> {
  const { name, delivered } = await jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: since.toISOString(),
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(INACTIVE_MS),
  })
  await jsm.consumers.delete(stream, name)
  return delivered.stream_seq + 1
}
