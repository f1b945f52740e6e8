import { createClient } from 'graphql-ws'
import { errorOf, OrderwireError } from './errors.js'
import type { EventFilter, EventsSubscription } from './generated.js'
import { events } from './operations.js'

export type LiveEvent = EventsSubscription['events']

export type EventsOptions = {
  readonly filter?: EventFilter
  /** A cursor seen before: everything since comes first. */
  readonly after?: string
  /** Ends the iteration. */
  readonly signal?: AbortSignal
  /** Told whenever the connection was lost and is made anew. */
  onReconnect?(): void
}

type Connection = { readonly url: string; authorization(): Promise<string>; readonly webSocket: unknown }

const FIRST_WAIT_MS = 100
const MAX_WAIT_MS = 10_000
const STEADY_MS = 5_000
/** The token is not, or no longer, valid. */
const FORBIDDEN = 4403

/** Live events through any number of connections, each going on after the last cursor of the one before. */
export async function* followEvents(options: EventsOptions, connection: Connection): AsyncGenerator<LiveEvent, void> {
  const { filter, signal } = options
  const isLeft = (): boolean => signal?.aborted === true
  let after = options.after
  let waitMs = FIRST_WAIT_MS
  let refusals = 0
  while (!isLeft()) {
    const startedAt = Date.now()
    try {
      for await (const event of once({ ...(filter && { filter }), ...(after && { after }) }, connection, signal)) {
        after = event.cursor
        waitMs = FIRST_WAIT_MS
        refusals = 0
        yield event
      }
    } catch (error) {
      if (error instanceof OrderwireError && error.code !== 'LAGGED') throw error
      refusals = closeCodeOf(error) === FORBIDDEN ? refusals + 1 : 0
      // An expired token is asked for anew, once; a new one that is refused too is wrong.
      if (refusals > 1)
        throw new OrderwireError('UNAUTHENTICATED', 'The token is not valid, or has expired', { cause: error })
    }
    if (isLeft()) return
    options.onReconnect?.()
    // What held for a while was a good connection, however little happened.
    if (Date.now() - startedAt > STEADY_MS) waitMs = FIRST_WAIT_MS
    // Many clients of an instance that went away do not come back all at once.
    await pause(waitMs * (0.5 + Math.random() / 2), signal)
    waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)
  }
}

/** The events of one connection, until it ends. */
async function* once(
  variables: { readonly filter?: EventFilter; readonly after?: string },
  { url, authorization, webSocket }: Connection,
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveEvent, void> {
  const client = createClient({
    url,
    retryAttempts: 0,
    lazyCloseTimeout: 0,
    keepAlive: 15_000,
    connectionParams: async () => ({ authorization: await authorization() }),
    ...(webSocket !== undefined && { webSocketImpl: webSocket }),
  })
  const results = client.iterate<EventsSubscription>({ query: events.text, variables })
  const leave = (): void => void results.return?.()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    for await (const { data, errors } of results) {
      if (errors) throw errorOf(errors)
      if (data) yield data.events
    }
  } catch (error) {
    // A refused subscription comes as GraphQL errors; anything else is the connection.
    throw Array.isArray(error) ? errorOf(error) : error
  } finally {
    signal?.removeEventListener('abort', leave)
    await client.dispose()
  }
}

function closeCodeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
