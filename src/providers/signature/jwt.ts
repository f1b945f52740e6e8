import { createHmac, timingSafeEqual } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import type { InboundCredentials } from '../../domain/client.js'
import { missing, type SignedRequest, type UnsignedRequest, type VerifyResult, wrong } from './request.js'

/** A JSON Web Token in `Authorization: Bearer`, signed with the shared secret. It proves the sender, not the body. */
export type JwtScheme = {
  readonly kind: 'jwt'
  readonly header: string
  readonly algorithm: 'HS256' | 'HS512'
  /** Claims that must be there with these values. */
  readonly claims: Readonly<Record<string, string>>
}

const HASH = { HS256: 'sha256', HS512: 'sha512' } as const
/** Clocks differ a little. */
const LEEWAY_SECONDS = 60
const LIFETIME_SECONDS = 300

/** By hand but for the decoding, since jose verifies only asynchronously and ingress decides in one step. The algorithm is ours, never the token's. */
export function verifyJwt(scheme: JwtScheme, request: SignedRequest, { secretKey }: InboundCredentials): VerifyResult {
  const value = request.header(scheme.header.toLowerCase())
  if (value === undefined || value === '') return missing(scheme.header)
  const [, token = ''] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(value) ?? []
  const invalid = wrong(`${scheme.header} holds no valid ${scheme.algorithm} token`)
  if (token === '' || secretKey === '') return invalid
  const dot = token.lastIndexOf('.')
  const expected = digest(scheme, token.slice(0, dot), secretKey)
  const presented = Buffer.from(token.slice(dot + 1), 'base64url')
  // The text too: base64url has several spellings of the same bytes.
  if (presented.length !== expected.length || presented.toString('base64url') !== token.slice(dot + 1)) return invalid
  if (!timingSafeEqual(presented, expected)) return invalid
  const claims = claimsOf(token, scheme.algorithm)
  if (claims === undefined) return invalid
  for (const [name, wanted] of Object.entries(scheme.claims))
    if (claims[name] !== wanted) return wrong(`The token's claim "${name}" is not "${wanted}"`)
  if (!isCurrent(claims, request.nowMs / 1_000))
    return { ok: false, code: 'stale_timestamp', message: 'The token is expired or not valid yet' }
  return { ok: true, auth: 'jwt' }
}

export function signJwt(
  scheme: JwtScheme,
  { nowMs }: UnsignedRequest,
  { secretKey }: InboundCredentials,
): Record<string, string> {
  const at = Math.floor(nowMs / 1_000)
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const head = encode({ alg: scheme.algorithm, typ: 'JWT' })
  const signed = `${head}.${encode({ ...scheme.claims, iat: at, exp: at + LIFETIME_SECONDS })}`
  return { [scheme.header]: `Bearer ${signed}.${digest(scheme, signed, secretKey).toString('base64url')}` }
}

function digest({ algorithm }: JwtScheme, signed: string, secret: string): Buffer {
  return createHmac(HASH[algorithm], secret).update(signed).digest()
}

/** Undefined where the token is not JSON, or names another algorithm than its signature has. */
function claimsOf(token: string, algorithm: string): JWTPayload | undefined {
  try {
    return decodeProtectedHeader(token).alg === algorithm ? decodeJwt(token) : undefined
  } catch {
    return undefined
  }
}

/** A token without an end is taken: some senders give none. */
function isCurrent({ exp, nbf }: JWTPayload, now: number): boolean {
  const started = nbf === undefined || (typeof nbf === 'number' && nbf <= now + LEEWAY_SECONDS)
  const running = exp === undefined || (typeof exp === 'number' && exp > now - LEEWAY_SECONDS)
  return started && running
}
