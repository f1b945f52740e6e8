/** What the API refused, or what kept us from asking. `code` is the API's (`NOT_FOUND`, `CURSOR_EXPIRED` …) or `NETWORK`. */
export class OrderwireError extends Error {
  override readonly name = 'OrderwireError'
  constructor(
    readonly code: string,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
  }
}

type GraphqlFault = { readonly message: string; readonly extensions?: { readonly code?: unknown } | undefined }

/** The first of an answer's errors as one of ours. */
export function errorOf(faults: readonly GraphqlFault[]): OrderwireError {
  const [first] = faults
  const code = first?.extensions?.code
  return new OrderwireError(typeof code === 'string' ? code : 'GRAPHQL', first?.message ?? 'The API refused')
}
