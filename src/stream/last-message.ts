import type { StreamConnection } from './connection.js'

const TIMEOUT_MS = 5_000

/** The newest message on a subject, null when there is none: by the direct get API (ADR-31), without a consumer. */
export async function lastMessage(
  { nc }: StreamConnection,
  stream: string,
  subject: string,
): Promise<Uint8Array | null> {
  const reply = await nc.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ last_by_subj: subject }), {
    timeout: TIMEOUT_MS,
  })
  if (reply.headers?.code === 404) return null
  if (reply.headers?.get('Nats-Sequence')) return reply.data
  throw new Error(`Direct get on ${stream} answered ${reply.headers?.code ?? 'without headers'}`)
}
