import type { TypedDocumentString } from './generated'
import { currentSession, signOut } from './session'

/** What the API answered instead of data. `code` is GraphQL's `extensions.code`, or `NETWORK` where no answer came. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault'
  constructor(
    readonly code: string,
    message: string,
    /** Faults of single fields of an input. */
    readonly details: readonly { readonly path: string; readonly message: string }[] = [],
  ) {
    super(message)
  }
}

type Answer<Data> = {
  readonly data?: Data | null
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: {
      readonly code?: string
      readonly details?: readonly { readonly path: string; readonly message: string }[]
    }
  }[]
}

const TIMEOUT_MS = 15_000

/** One operation over HTTP. Throws ApiFault; a refused token also signs out. */
export async function request<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const session = currentSession()
  const answer = await post<Data>(
    { query: document.toString(), variables },
    'token' in session ? session.token : '',
    signal,
  )
  const [fault] = answer.errors ?? []
  if (fault !== undefined) {
    const code = fault.extensions?.code ?? 'INTERNAL_SERVER_ERROR'
    if (code === 'UNAUTHENTICATED') signOut('refused')
    throw new ApiFault(code, fault.message, fault.extensions?.details)
  }
  if (answer.data == null) throw new ApiFault('NETWORK', 'The answer was empty')
  return answer.data
}

async function post<Data>(body: object, token: string, signal: AbortSignal | undefined): Promise<Answer<Data>> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    // The types are generated from the schema this server publishes.
    return (await response.json()) as Answer<Data>
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiFault('NETWORK', timeout.aborted ? 'No answer in time' : 'The server could not be reached')
  }
}
