import { type Client, createClient } from 'graphql-ws'
import type { TypedDocumentString } from './generated'
import { currentSession, signOut } from './session'

/** What a subscription tells: its connection's state beside its data. */
export type SubscriptionState = 'connecting' | 'live' | 'waiting'

export type Subscription<Data, Variables> = {
  readonly document: TypedDocumentString<Data, Variables>
  /** Asked at every (re)connection: a cursor moves on. */
  variables(): Variables
  onData(data: Data): void
  onState?(state: SubscriptionState): void
  /** The server ended it with this `extensions.code`. */
  onFault?(code: string): void
}

const FIRST_RETRY_MS = 400
const LAST_RETRY_MS = 8_000
const KEEP_ALIVE_MS = 15_000
/** graphql-transport-ws: the token was not taken, or has ended. */
const REFUSED = [4401, 4403]

/** Keeps a subscription until it is stopped: after a lost connection it subscribes again. Returns what stops it. */
export function subscribe<Data, Variables>(subscription: Subscription<Data, Variables>): () => void {
  const { document, onState } = subscription
  let stopped = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let unsubscribe = (): void => undefined
  const again = (): void => {
    if (stopped) return
    onState?.('waiting')
    timer = setTimeout(start, Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS))
    failures += 1
  }
  const start = (): void => {
    const release = sharedClient().on('connected', () => {
      failures = 0
      onState?.('live')
    })
    if (isConnected) onState?.('live')
    const end = (): void => {
      release()
      again()
    }
    unsubscribe = sharedClient().subscribe<Data>(
      // The protocol's variables are a plain record; ours are typed per operation.
      { query: document.toString(), variables: subscription.variables() as Record<string, unknown> },
      {
        next: ({ data, errors }) => {
          if (data) subscription.onData(data)
          for (const { extensions } of errors ?? []) subscription.onFault?.(String(extensions?.['code']))
        },
        error: (cause) => {
          for (const code of codesOf(cause)) subscription.onFault?.(code)
          end()
        },
        complete: end,
      },
    )
  }
  onState?.('connecting')
  start()
  return () => {
    stopped = true
    clearTimeout(timer)
    unsubscribe()
  }
}

/** Closes the shared connection; the next subscription opens another, with the token of that moment. */
export function closeSocket(): void {
  void shared?.dispose()
  shared = undefined
  isConnected = false
}

let shared: Client | undefined
let isConnected = false

function sharedClient(): Client {
  if (shared !== undefined) return shared
  const client = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: () => {
      const session = currentSession()
      return { authorization: 'token' in session ? `Bearer ${session.token}` : '' }
    },
    keepAlive: KEEP_ALIVE_MS,
    // Every subscription resumes at a place of its own, so each subscribes again by itself.
    retryAttempts: 0,
    on: {
      connected: () => {
        if (shared === client) isConnected = true
      },
      closed: (event) => {
        // What an earlier session's connection still tells must not sign the next one out.
        if (shared !== client) return
        isConnected = false
        if (REFUSED.includes(closeCode(event))) signOut('refused')
      },
    },
  })
  shared = client
  return client
}

function closeCode(event: unknown): number {
  return typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : 0
}

function codesOf(cause: unknown): readonly string[] {
  if (!Array.isArray(cause)) return []
  return cause.map((each: { extensions?: { code?: unknown } }) => String(each.extensions?.code))
}
