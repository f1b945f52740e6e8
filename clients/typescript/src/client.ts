import { errorOf, OrderwireError } from './errors.js'
import { type EventsOptions, followEvents, type LiveEvent } from './events.js'

/** An operation with the types of what it takes and gives. */
export type Operation<Data, Variables> = {
  readonly text: string
  /** Only for the compiler. */
  readonly types?: { readonly data: Data; readonly variables: Variables }
}

export type ClientOptions = {
  /** Of the installation, e.g. `https://orderwire.example.com`. */
  readonly url: string
  /** A JWT, or what gives one: asked before every request and connection, so that it may be renewed. */
  readonly token: string | (() => string | Promise<string>)
  /** The platform's own unless told. */
  readonly fetch?: typeof globalThis.fetch
  /** A WebSocket class; the platform's own unless told (Node before 22 has none: pass `ws`'s). */
  readonly webSocket?: unknown
}

export type OrderwireClient = {
  /** Runs an operation. Rejects with OrderwireError. */
  request<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Data>
  /**
   * What happens, live, for as long as it is iterated: through lost connections, restarts and expired tokens it goes on
   * after the last event, without gap or duplicate. Throws OrderwireError `CURSOR_EXPIRED` where that cannot be.
   */
  events(options?: EventsOptions): AsyncGenerator<LiveEvent, void>
}

/** A client of one installation. It holds no connection until one is needed. */
export function createClient(options: ClientOptions): OrderwireClient {
  const base = options.url.replace(/\/+$/, '')
  const send = options.fetch ?? globalThis.fetch
  const authorization = async (): Promise<string> =>
    `Bearer ${typeof options.token === 'string' ? options.token : await options.token()}`
  return {
    request: async (operation, variables, { signal } = {}) => {
      const response = await send(`${base}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          authorization: await authorization(),
        },
        body: JSON.stringify({ query: operation.text, variables }),
        ...(signal && { signal }),
      }).catch((cause: unknown) => {
        throw new OrderwireError('NETWORK', 'The installation could not be reached', { cause })
      })
      return answerOf(response)
    },
    events: (wanted = {}) =>
      followEvents(wanted, {
        url: `${base.replace(/^http/, 'ws')}/graphql`,
        authorization,
        webSocket: options.webSocket,
      }),
  }
}

/** The parse edge: what the operation's types say is what the API's schema promises. */
async function answerOf<Data>(response: Response): Promise<Data> {
  const answer = (await response.json().catch(() => ({}))) as { data?: Data; errors?: { message: string }[] }
  if (answer.errors !== undefined) throw errorOf(answer.errors)
  if (answer.data === undefined || answer.data === null)
    throw new OrderwireError('NETWORK', `The installation answered ${response.status}`)
  return answer.data
}
