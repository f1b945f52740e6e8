/** Expected failures of the API: GraphQL's `extensions.code`, and the status and code of the REST answer. */
export const API_ERRORS = {
  UNAUTHENTICATED: { status: 401, rest: 'unauthorized' },
  FORBIDDEN: { status: 403, rest: 'forbidden' },
  NOT_FOUND: { status: 404, rest: 'not_found' },
  BAD_USER_INPUT: { status: 400, rest: 'invalid_request' },
  CONFLICT: { status: 409, rest: 'conflict' },
  CURSOR_EXPIRED: { status: 410, rest: 'cursor_expired' },
  LAGGED: { status: 409, rest: 'lagged' },
  UNAVAILABLE: { status: 503, rest: 'unavailable' },
} as const
export type ApiErrorCode = keyof typeof API_ERRORS

export type FieldFault = { readonly path: string; readonly message: string }

/** Something the caller can understand and act on. Anything else that is thrown is masked and logged. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    readonly details?: readonly FieldFault[],
  ) {
    super(message)
  }
}
