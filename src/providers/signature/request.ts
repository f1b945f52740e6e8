import type { AuthKind } from '../../domain/provider.js'

/** What is looked at to verify. `header` takes lower-case names; `body` is the bytes exactly as sent. */
export type SignedRequest = {
  header(name: string): string | undefined
  readonly body: Uint8Array
  readonly clientId: string
  readonly nowMs: number
}

export type VerifyResult =
  | { readonly ok: true; readonly auth: AuthKind }
  | {
      readonly ok: false
      readonly code: 'missing_credentials' | 'invalid_signature' | 'stale_timestamp'
      readonly message: string
    }
