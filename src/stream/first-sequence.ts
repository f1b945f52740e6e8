import type { Msg } from 'nats'
import type { StreamConnection } from './connection.js'

const TIMEOUT_MS = 5_000

/**
 * The sequence of the first message on a subject, null when there is none. With one subject per event this tells a
 * resend from the event itself, for as long as the stream keeps it, without any state of our own
 * (docs/decisions/0003-duplicates-by-first-sequence.md; 0.1 ms each when pipelined).
 * By the direct get API (ADR-31), which the client's typings do not offer.
 */
export async function firstSequence(
  connection: StreamConnection,
  stream: string,
  subject: string,
): Promise<number | null> {
  const reply = await firstMessage(connection, stream, subject)
  return reply === null ? null : Number(reply.headers?.get('Nats-Sequence'))
}

/** What the first message on a subject holds, as text; null when there is none. */
export async function firstPayload(
  connection: StreamConnection,
  stream: string,
  subject: string,
): Promise<string | null> {
  const reply = await firstMessage(connection, stream, subject)
  return reply === null ? null : Buffer.from(reply.data).toString('utf8')
}

async function firstMessage({ nc }: StreamConnection, stream: string, subject: string): Promise<Msg | null> {
  const reply = await nc.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ seq: 1, next_by_subj: subject }), {
    timeout: TIMEOUT_MS,
  })
  const sequence = reply.headers?.get('Nats-Sequence')
  if (sequence !== undefined && sequence !== '') return reply
  if (reply.headers?.code === 404) return null
  throw new Error(
    `Direct get on ${stream} answered ${reply.headers?.code ?? 'without headers'} ${reply.headers?.description ?? ''}`,
  )
}
