import type { InboundCredentials } from '../../domain/client.js'
import type { AuthKind } from '../../domain/provider.js'
import { type HmacScheme, signHmac, verifyHmac } from './hmac.js'
import type { SignedRequest, VerifyResult } from './request.js'
import { type StaticScheme, signStatic, verifyStatic } from './static-key.js'

/** A proof a platform attaches to its requests, as data. */
export type Scheme = HmacScheme | StaticScheme

/**
 * Whether a request satisfies all schemes. Never throws and fails closed. With `signatureValidation` off, signatures are
 * skipped only where a static credential still proves the sender.
 */
export function verifyAll(
  schemes: readonly Scheme[],
  request: SignedRequest,
  credentials: InboundCredentials,
  options: { readonly signatureValidation: boolean },
): VerifyResult {
  const statics = schemes.filter((scheme) => scheme.kind === 'static' && scheme.secret !== 'clientId')
  const required =
    !options.signatureValidation && statics.length > 0 ? schemes.filter((scheme) => scheme.kind === 'static') : schemes
  let auth: AuthKind | undefined
  for (const scheme of required) {
    const result =
      scheme.kind === 'hmac' ? verifyHmac(scheme, request, credentials) : verifyStatic(scheme, request, credentials)
    if (!result.ok) return result
    // The strongest proof names the event's authentication: a signature covers the body, a key does not.
    if (auth === undefined || result.auth === 'hmac') auth = result.auth
  }
  return auth === undefined
    ? { ok: false, code: 'missing_credentials', message: 'No scheme is defined' }
    : { ok: true, auth }
}

/** The headers a platform would send: for simulators, documentation and tests. */
export function signAll(
  schemes: readonly Scheme[],
  request: Omit<SignedRequest, 'header'>,
  credentials: InboundCredentials,
): Record<string, string> {
  return Object.assign(
    {},
    ...schemes.map((scheme) =>
      scheme.kind === 'hmac' ? signHmac(scheme, request, credentials) : signStatic(scheme, request, credentials),
    ),
  )
}
