import { randomBytes } from 'node:crypto'
import { createClient, type EventFilter, type LiveEvent } from '../../clients/typescript/src/index.js'
import { signDelivery } from '../processors/deliver/sign.js'
import { makeToken } from './token.js'
import { untilStopped } from './until-stopped.js'

export type ListenFlags = {
  readonly forward: string
  readonly provider?: string
  readonly client?: string
  readonly url: string
  readonly token?: string
  readonly secret?: string
  readonly after?: string
  readonly data: string
}

/** Something is missing that the caller can give; `message` says what. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'LISTEN'
}

const FORWARD_TIMEOUT_MS = 30_000

/**
 * `orderwire listen`: tails live events and POSTs each to a local URL as the client's own endpoint would get it, one at a
 * time, until it is stopped. An event that could not be forwarded is told and left.
 */
export async function listen(flags: ListenFlags): Promise<void> {
  if (!URL.canParse(flags.forward)) throw new ListenError(`--forward ${flags.forward} is not a URL`)
  const secret = flags.secret ?? `whsec_${randomBytes(32).toString('base64')}`
  const scope = flags.client === undefined ? {} : { client: flags.client }
  const token = flags.token ?? (() => makeToken({ role: 'viewer', ttl: '1h', dataDir: flags.data, ...scope }))
  const stopping = new AbortController()
  void untilStopped().then(() => stopping.abort())
  console.log(`Forwarding events of ${flags.url} to ${flags.forward}, signed with ${secret}`)
  // Loaded only here: what serves needs no WebSocket client.
  const { WebSocket } = await import('undici')
  const events = createClient({ url: flags.url, token, webSocket: WebSocket }).events({
    filter: filterOf(flags),
    ...(flags.after !== undefined && { after: flags.after }),
    signal: stopping.signal,
    onReconnect: () => console.log('The connection was lost; going on after the last event'),
  })
  for await (const event of events) if (event.body != null) await forward(event, event.body, { ...flags, secret })
}

/** Providers are GraphQL enum values: capitals, and no hyphens. */
function filterOf({ provider, client }: ListenFlags): EventFilter {
  return {
    kind: 'DISPATCHED',
    // The API refuses one it does not know.
    ...(provider !== undefined && { provider: provider.toUpperCase().replaceAll('-', '_') as never }),
    ...(client !== undefined && { clientId: client }),
  }
}

async function forward(
  { eventId, type, cursor }: LiveEvent,
  body: string,
  options: { readonly forward: string; readonly secret: string },
): Promise<void> {
  const startedAt = performance.now()
  const headers = {
    'content-type': 'application/json',
    ...signDelivery([options.secret], { id: eventId, body, at: new Date() }),
  }
  const answer = await fetch(options.forward, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
  }).then(
    ({ status }) => String(status),
    // Told in its line: the developer's own endpoint is not up, or too slow.
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  console.log(`${cursor} ${type ?? 'unknown'} ${eventId} → ${answer} (${Math.round(performance.now() - startedAt)} ms)`)
}
