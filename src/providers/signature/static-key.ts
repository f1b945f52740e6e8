import type { InboundCredentials } from '../../domain/client.js'
import type { AuthKind } from '../../domain/provider.js'
import { equalSecrets } from './constant-time.js'
import { missing, type SignedRequest, type UnsignedRequest, type VerifyResult, wrong } from './request.js'

/** A header that carries a fixed value: a key, a bearer token, or the client's id. */
export type StaticScheme = {
  readonly kind: 'static'
  /** As the platform writes it. */
  readonly header: string
  /** Authorization scheme before the value (RFC 9110: compared without case). */
  readonly prefix?: 'Bearer'
  /** Query parameter taken where the header is absent: for platforms that add nothing to the URL they were given. */
  readonly query?: string
  /** What the value must equal. */
  readonly secret: 'secretKey' | 'apiKey' | 'clientId'
  readonly auth: AuthKind
}

export function verifyStatic(
  scheme: StaticScheme,
  request: SignedRequest,
  credentials: InboundCredentials,
): VerifyResult {
  const value = request.header(scheme.header.toLowerCase())
  const presented = value === undefined ? fromQuery(scheme, request) : withoutPrefix(value, scheme.prefix)
  if (presented === undefined || presented === '') return missing(scheme.header)
  const expected = expectedValue(scheme, request.clientId, credentials)
  // A missing secret refuses everybody.
  if (expected === '' || !equalSecrets(presented, expected)) return wrong(`${scheme.header} is not right`)
  return { ok: true, auth: scheme.auth }
}

export function signStatic(
  scheme: StaticScheme,
  request: UnsignedRequest,
  credentials: InboundCredentials,
): Record<string, string> {
  const value = expectedValue(scheme, request.clientId, credentials)
  return { [scheme.header]: scheme.prefix === undefined ? value : `${scheme.prefix} ${value}` }
}

function expectedValue(scheme: StaticScheme, clientId: string, credentials: InboundCredentials): string {
  return scheme.secret === 'clientId' ? clientId : (credentials[scheme.secret] ?? '')
}

/** A parameter given twice is none: which one counts must not be ours to guess. */
function fromQuery({ query }: StaticScheme, request: SignedRequest): string | undefined {
  if (query === undefined) return undefined
  const given = new URLSearchParams(request.query).getAll(query)
  return given.length === 1 ? given[0] : undefined
}

function withoutPrefix(value: string, prefix: string | undefined): string | undefined {
  if (prefix === undefined) return value
  const [word, rest, ...more] = value.split(' ')
  return word?.toLowerCase() === prefix.toLowerCase() && more.length === 0 ? rest : undefined
}
