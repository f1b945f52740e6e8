import type { StreamConnection } from './connection.js'

const TIMEOUT_MS = 5_000

/** A message as a direct get answers it. */
export type LastMessage = { readonly data: Uint8Array; header(name: string): string | undefined }

/** The newest message on a subject, null when there is none: by the direct get API (ADR-31), without a consumer. */
export async function lastMessage(
  { nc }: StreamConnection,
  stream: string,
  subject: string,
): Promise<LastMessage | null> {
  const reply = await nc.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ last_by_subj: subject }), {
    timeout: TIMEOUT_MS,
  })
  const { headers, data } = reply
  if (headers?.code === 404) return null
  if (headers?.has('Nats-Sequence'))
    return { data, header: (name) => (headers.has(name) ? headers.get(name) : undefined) }
  throw new Error(`Direct get on ${stream} answered ${headers?.code ?? 'without headers'}`)
}
