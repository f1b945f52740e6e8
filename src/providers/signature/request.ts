import type { AuthKind } from '../../domain/provider.js'

/** What is looked at to verify. `header` takes lower-case names; `body` is the bytes exactly as sent. */
export type SignedRequest = {
  header(name: string): string | undefined
  /** Without the question mark, percent-encoded as sent. */
  readonly query: string
  readonly body: Uint8Array
  readonly clientId: string
  readonly nowMs: number
}

/** What a signature is made over, by a platform's own words: all but the headers it is still to add. */
export type UnsignedRequest = Pick<SignedRequest, 'body' | 'clientId' | 'nowMs'>

export type VerifyResult =
  | { readonly ok: true; readonly auth: AuthKind }
  | {
      readonly ok: false
      readonly code: 'missing_credentials' | 'invalid_signature' | 'stale_timestamp'
      readonly message: string
    }

export function missing(header: string): VerifyResult {
  return { ok: false, code: 'missing_credentials', message: `${header} is missing` }
}

export function wrong(message: string): VerifyResult {
  return { ok: false, code: 'invalid_signature', message }
}
