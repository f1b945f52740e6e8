import type { InboundCredentials } from '../../domain/client.js'
import type { AuthKind } from '../../domain/provider.js'
import { compileHmac, type HmacScheme } from './hmac.js'
import { type JwtScheme, signJwt, verifyJwt } from './jwt.js'
import type { SignedRequest, UnsignedRequest, VerifyResult } from './request.js'
import { type StaticScheme, signStatic, verifyStatic } from './static-key.js'

/** A proof a platform attaches to its requests, as data. */
export type Scheme = HmacScheme | StaticScheme | JwtScheme

type CompiledScheme = {
  readonly scheme: Scheme
  verify(request: SignedRequest, credentials: InboundCredentials): VerifyResult
  sign(request: UnsignedRequest, credentials: InboundCredentials): Record<string, string>
}

/** How a provider proves itself. */
export type Verification = {
  /** Whether the scheme has an `apiKey` beside the `secretKey`. */
  readonly usesApiKey: boolean
  /** MUST look at the raw bytes, compare in constant time, and refuse where a secret is missing. */
  verify(
    request: SignedRequest,
    credentials: InboundCredentials,
    options: { readonly signatureValidation: boolean },
  ): VerifyResult
  /** The headers the platform would send with this body. */
  sign(
    body: Uint8Array,
    credentials: InboundCredentials,
    context: { readonly clientId: string; readonly nowMs: number },
  ): Record<string, string>
}

/** What an adapter needs of its schemes: all of them must be satisfied. */
export function schemeFunctions(schemes: readonly Scheme[]): Verification {
  const all = schemes.map(compile)
  const statics = all.filter(({ scheme }) => scheme.kind === 'static')
  // With `signatureValidation` off, signatures are skipped only where a secret credential still proves the sender.
  const unsigned = statics.some(({ scheme }) => scheme.kind === 'static' && scheme.secret !== 'clientId')
    ? statics
    : all
  return {
    usesApiKey: schemes.some((scheme) => scheme.kind === 'static' && scheme.secret === 'apiKey'),
    verify: (request, credentials, { signatureValidation }) =>
      verifyAll(signatureValidation ? all : unsigned, request, credentials),
    sign: (body, credentials, { clientId, nowMs }) =>
      Object.assign({}, ...all.map(({ sign }) => sign({ body, clientId, nowMs }, credentials))),
  }
}

/** Whether a request satisfies all schemes. Never throws and fails closed. */
function verifyAll(
  schemes: readonly CompiledScheme[],
  request: SignedRequest,
  credentials: InboundCredentials,
): VerifyResult {
  let auth: AuthKind | undefined
  for (const { verify } of schemes) {
    const result = verify(request, credentials)
    if (!result.ok) return result
    // The strongest proof names the event's authentication: a signature covers the body, a key does not.
    if (auth === undefined || result.auth === 'hmac') auth = result.auth
  }
  return auth === undefined
    ? { ok: false, code: 'missing_credentials', message: 'No scheme is defined' }
    : { ok: true, auth }
}

function compile(scheme: Scheme): CompiledScheme {
  switch (scheme.kind) {
    case 'hmac':
      return { scheme, ...compileHmac(scheme) }
    case 'static':
      return {
        scheme,
        verify: (request, credentials) => verifyStatic(scheme, request, credentials),
        sign: (request, credentials) => signStatic(scheme, request, credentials),
      }
    case 'jwt':
      return {
        scheme,
        verify: (request, credentials) => verifyJwt(scheme, request, credentials),
        sign: (request, credentials) => signJwt(scheme, request, credentials),
      }
  }
}
