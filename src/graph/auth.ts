import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { ApiError } from './errors.js'

/** Each role may do what the one before it may: a viewer reads, an operator also retries, an admin also configures. */
export const API_ROLES = ['viewer', 'operator', 'admin'] as const
export type ApiRole = (typeof API_ROLES)[number]

/** Who calls: what the token says. With `client` they see and touch that client only. */
export type Viewer = {
  readonly role: ApiRole
  readonly client?: string
  /** Whom the token was given to (`sub`), where it says. */
  readonly subject?: string
  /** When the token ends, ms since 1970: a socket does not outlive it. */
  readonly expiresAtMs?: number
}

/** A viewer with where they call from: what the audit log keeps of a change. */
export type Caller = Viewer & { readonly remoteAddress: string; readonly via: 'graphql' | 'rest' | 'socket' }

const claimsSchema = z.object({
  role: z.enum(API_ROLES),
  client: z.string().min(1).optional(),
  sub: z.string().max(200).optional(),
  exp: z.number(),
})

const ALGORITHM = 'HS256'
const CLOCK_TOLERANCE_SECONDS = 5

/** Who an `Authorization` value (`Bearer <JWT>`, or the bare token) is; throws ApiError UNAUTHENTICATED. */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer>

export type AuthOptions = {
  /** Decides expiry. */
  now(): Date
  /** Of tokens we sign ourselves (HS256). */
  readonly secret: string
  /** Of tokens somebody else signs: their public keys, read when one is needed and again when a new one turns up. */
  readonly jwksUrl?: string
  /** What those tokens must say of who made them, and for whom. */
  readonly issuer?: string
  readonly audience?: string
}

/** Public-key algorithms only: a key of the set can never serve as a shared secret. */
const JWKS_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
const JWKS_TIMEOUT_MS = 3_000

/** Tokens signed with our secret, and, where a key set is named, with one of its keys. */
export function createAuthenticator(options: AuthOptions): Authenticate {
  const key = new TextEncoder().encode(options.secret)
  const keySet =
    options.jwksUrl === undefined
      ? undefined
      : createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS })
  const verify = async (token: string): Promise<unknown> => {
    const common: JWTVerifyOptions = {
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: options.now(),
    }
    // Pinned: neither `none` nor a public key posing as the secret gets in.
    if (keySet === undefined || algorithmOf(token) === ALGORITHM)
      return (await jwtVerify(token, key, { ...common, algorithms: [ALGORITHM] })).payload
    const { issuer, audience } = options
    const expected = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) }
    return (await jwtVerify(token, keySet, { ...common, ...expected, algorithms: JWKS_ALGORITHMS })).payload
  }
  return async (authorization) => {
    const token = authorization?.replace(/^Bearer\s+/i, '')
    if (token === undefined || token === '')
      throw new ApiError('UNAUTHENTICATED', 'A token is needed: Authorization: Bearer <JWT>')
    try {
      const { role, client, sub, exp } = claimsSchema.parse(await verify(token))
      return {
        role,
        ...(client !== undefined && { client }),
        ...(sub !== undefined && { subject: sub }),
        expiresAtMs: exp * 1_000,
      }
    } catch (error) {
      if (isKeySetAway(error)) throw new ApiError('UNAVAILABLE', 'The keys that tokens are checked with cannot be read')
      // Why a token fails helps only whoever forged it.
      throw new ApiError('UNAUTHENTICATED', 'The token is not valid, or has expired')
    }
  }
}

function algorithmOf(token: string): unknown {
  try {
    return decodeProtectedHeader(token).alg
  } catch {
    // No JWT at all: whatever verifies it refuses it.
    return undefined
  }
}

/** The key set could not be read, rather than: it has no such key. */
function isKeySetAway(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC'
  return error instanceof TypeError
}

/** A token for `orderwire token`, the demo and tests. */
export function signToken(
  secret: string,
  { role, client, subject }: Viewer,
  options: { readonly ttlSeconds: number; readonly now: Date },
): Promise<string> {
  const issuedAt = Math.floor(options.now.getTime() / 1_000)
  return new SignJWT({ role, ...(client !== undefined && { client }), ...(subject !== undefined && { sub: subject }) })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + options.ttlSeconds)
    .sign(new TextEncoder().encode(secret))
}

/** Throws FORBIDDEN below the role. */
export function requireRole(viewer: Viewer, role: ApiRole): void {
  if (API_ROLES.indexOf(viewer.role) < API_ROLES.indexOf(role))
    throw new ApiError('FORBIDDEN', `This needs the role ${role}`)
}

/**
 * The client a caller may ask about: their own where the token names one, else what they asked for. Another's is not
 * found, rather than forbidden: whether it exists is nobody else's business.
 */
export function scopeClient(viewer: Viewer, clientId: string | undefined): string | undefined {
  if (viewer.client === undefined || clientId === undefined || clientId === viewer.client)
    return clientId ?? viewer.client
  throw new ApiError('NOT_FOUND', 'No such client')
}

/** What belongs to a client this caller may see; NOT_FOUND otherwise. */
export function ownedBy<T extends { readonly clientId: string }>(viewer: Viewer, thing: T | null, what: string): T {
  if (thing === null || (viewer.client !== undefined && thing.clientId !== viewer.client))
    throw new ApiError('NOT_FOUND', `No such ${what}`)
  return thing
}
