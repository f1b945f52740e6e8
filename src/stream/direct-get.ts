import type { StreamConnection } from './connection.js'

const TIMEOUT_MS = 5_000

/** A message as a direct get answers it. */
export type StoredMessage = {
  readonly data: Uint8Array
  /** Place in the stream. */
  readonly sequence: number
  /** When the stream took it. */
  readonly at: Date
  header(name: string): string | undefined
}

/** The newest message on a subject, null when there is none: by the direct get API (ADR-31), without a consumer. */
export function lastMessage(
  connection: StreamConnection,
  stream: string,
  subject: string,
): Promise<StoredMessage | null> {
  return directGet(connection, stream, { last_by_subj: subject })
}

/** The message at a place, or the next one where that is gone; null where there is none. */
export function messageFrom(
  connection: StreamConnection,
  stream: string,
  sequence: number,
): Promise<StoredMessage | null> {
  return directGet(connection, stream, { seq: sequence, next_by_subj: '>' })
}

async function directGet({ nc }: StreamConnection, stream: string, query: object): Promise<StoredMessage | null> {
  const reply = await nc.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(query), { timeout: TIMEOUT_MS })
  const { headers, data } = reply
  if (headers?.code === 404) return null
  if (headers?.has('Nats-Sequence'))
    return {
      data,
      sequence: Number(headers.get('Nats-Sequence')),
      at: new Date(headers.get('Nats-Time-Stamp')),
      header: (name) => (headers.has(name) ? headers.get(name) : undefined),
    }
  throw new Error(`Direct get on ${stream} answered ${headers?.code ?? 'without headers'}`)
}
