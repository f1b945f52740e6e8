import type { StreamConnection } from './connection.js'

const TIMEOUT_MS = 5_000

/**
 * The sequence of the first message on any of an event's subjects, null when there is none. With subjects per event this tells a
 * resend from the event itself, for as long as the stream keeps it, without any state of our own
 * (docs/decisions/0003-duplicates-by-first-sequence.md; 0.1 ms each when pipelined).
 * By the direct get API (ADR-31), which the client's typings do not offer.
 */
export async function firstSequence(
  connection: StreamConnection,
  stream: string,
  subjects: readonly string[],
): Promise<number | null> {
  return (await firstOf(connection, stream, subjects))?.sequence ?? null
}

/** What the first message on any of the subjects holds, as text; null when there is none. */
export async function firstPayload(
  connection: StreamConnection,
  stream: string,
  subjects: readonly string[],
): Promise<string | null> {
  const first = await firstOf(connection, stream, subjects)
  return first === null ? null : Buffer.from(first.data).toString('utf8')
}

type First = { readonly sequence: number; readonly data: Uint8Array }

async function firstOf(
  connection: StreamConnection,
  stream: string,
  subjects: readonly string[],
): Promise<First | null> {
  const found = await Promise.all(subjects.map((subject) => firstMessage(connection, stream, subject)))
  return found.reduce(
    (first, each) => (first === null || (each && each.sequence < first.sequence) ? each : first),
    null,
  )
}

async function firstMessage({ nc }: StreamConnection, stream: string, subject: string): Promise<First | null> {
  const reply = await nc.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ seq: 1, next_by_subj: subject }), {
    timeout: TIMEOUT_MS,
  })
  const sequence = reply.headers?.get('Nats-Sequence')
  if (sequence !== undefined && sequence !== '') return { sequence: Number(sequence), data: reply.data }
  if (reply.headers?.code === 404) return null
  throw new Error(
    `Direct get on ${stream} answered ${reply.headers?.code ?? 'without headers'} ${reply.headers?.description ?? ''}`,
  )
}
