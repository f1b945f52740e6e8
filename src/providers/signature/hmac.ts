import { createHmac, timingSafeEqual } from 'node:crypto'
import type { InboundCredentials } from '../../domain/client.js'
import type { SignedRequest, VerifyResult } from './request.js'

/** HMAC-SHA256 over the body, or over `${timestamp}.${body}` with the timestamp header's text as it stands. */
export type HmacScheme = {
  readonly kind: 'hmac'
  /** Header of the signature, as the platform writes it. */
  readonly header: string
  readonly encoding: 'hex' | 'base64'
  /** Unix time in seconds or milliseconds: both are seen in the specification. Absent: the body alone is signed. */
  readonly timestamp?: { readonly header: string; readonly toleranceMs: number }
}

/** What a signature looks like; anything else is refused before it is decoded, since Buffer.from drops what it cannot read. */
const SHAPE = { hex: /^[0-9a-f]{64}$/i, base64: /^[A-Za-z0-9+/]{43}=$/ } as const
/** A Unix time above this is in milliseconds (in seconds it would be the year 5138). */
const MILLISECONDS_FROM = 1e11

export function verifyHmac(
  scheme: HmacScheme,
  request: SignedRequest,
  { secretKey }: InboundCredentials,
): VerifyResult {
  const signature = request.header(scheme.header.toLowerCase())
  const timestamp = scheme.timestamp === undefined ? undefined : request.header(scheme.timestamp.header.toLowerCase())
  if (signature === undefined || signature === '') return missing(scheme.header)
  if (scheme.timestamp !== undefined && (timestamp === undefined || timestamp === ''))
    return missing(scheme.timestamp.header)
  const invalid: VerifyResult = {
    ok: false,
    code: 'invalid_signature',
    message: `${scheme.header} does not match the body`,
  }
  if (timestamp !== undefined && !/^\d{1,15}$/.test(timestamp)) return invalid
  if (secretKey === '' || !SHAPE[scheme.encoding].test(signature)) return invalid
  const expected = digest(secretKey, timestamp, request.body)
  if (!timingSafeEqual(Buffer.from(signature, scheme.encoding), expected)) return invalid
  // Only now: a stale but genuine request is told so, a forged one is not helped.
  if (scheme.timestamp !== undefined && Math.abs(request.nowMs - unixMs(timestamp)) > scheme.timestamp.toleranceMs) {
    return {
      ok: false,
      code: 'stale_timestamp',
      message: `${scheme.timestamp.header} is more than ${scheme.timestamp.toleranceMs / 1_000} s from our clock`,
    }
  }
  return { ok: true, auth: 'hmac' }
}

export function signHmac(
  scheme: HmacScheme,
  request: Omit<SignedRequest, 'header'>,
  { secretKey }: InboundCredentials,
): Record<string, string> {
  const timestamp = scheme.timestamp === undefined ? undefined : String(Math.floor(request.nowMs / 1_000))
  const signature = digest(secretKey, timestamp, request.body).toString(scheme.encoding)
  return {
    ...(scheme.timestamp && timestamp ? { [scheme.timestamp.header]: timestamp } : {}),
    [scheme.header]: signature,
  }
}

function digest(secret: string, timestamp: string | undefined, body: Uint8Array): Buffer {
  const hmac = createHmac('sha256', secret)
  if (timestamp !== undefined) hmac.update(`${timestamp}.`)
  return hmac.update(body).digest()
}

function missing(header: string): VerifyResult {
  return { ok: false, code: 'missing_credentials', message: `${header} is missing` }
}

function unixMs(text: string | undefined): number {
  const value = Number(text)
  return value > MILLISECONDS_FROM ? value : value * 1_000
}
