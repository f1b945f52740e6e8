import { createHmac, timingSafeEqual } from 'node:crypto'
import type { InboundCredentials } from '../../domain/client.js'
import { missing, type SignedRequest, type UnsignedRequest, type VerifyResult, wrong } from './request.js'

type HmacEncoding = 'hex' | 'base64'

/** HMAC-SHA256 over the body, or over header values and text followed by the body. */
export type HmacScheme = {
  readonly kind: 'hmac'
  /** Header of the signature, as the platform writes it. */
  readonly header: string
  /** Any one of several fits; the first is what we sign. */
  readonly encoding: HmacEncoding | readonly [HmacEncoding, ...HmacEncoding[]]
  /** The header's value where it is more than the signature: `sha256={signature}`; `*` stands for any text. */
  readonly format?: string
  /** What is signed before the body: text in which `{X-Name}` is that header's value as it stands. Any one of them fits; the first is what we sign. */
  readonly before?: readonly [string, ...string[]]
  /** Unix time in seconds or milliseconds: both are seen in the specification. */
  readonly timestamp?: { readonly header: string; readonly toleranceMs: number }
}

export type CompiledHmac = {
  verify(request: SignedRequest, credentials: InboundCredentials): VerifyResult
  sign(request: UnsignedRequest, credentials: InboundCredentials): Record<string, string>
}

/** What a signature looks like; anything else is refused before it is decoded, since Buffer.from drops what it cannot read. */
const SHAPE = { hex: /^[0-9a-f]{64}$/i, base64: /^[A-Za-z0-9+/]{43}=$/ } as const
/** A Unix time above this is in milliseconds (in seconds it would be the year 5138). */
const MILLISECONDS_FROM = 1e11

export function compileHmac(scheme: HmacScheme): CompiledHmac {
  const format = compileFormat(scheme.format ?? '{signature}')
  const encodings = typeof scheme.encoding === 'string' ? ([scheme.encoding] as const) : scheme.encoding
  const befores = (scheme.before ?? ['']).map(compileBefore)
  const needed = [...new Set([...(scheme.timestamp ? [scheme.timestamp.header] : []), ...(befores[0]?.headers ?? [])])]
  const invalid = wrong(`${scheme.header} does not match the body`)
  return {
    verify: (request, { secretKey }) => {
      const value = request.header(scheme.header.toLowerCase())
      if (value === undefined || value === '') return missing(scheme.header)
      for (const name of needed) if (!request.header(name.toLowerCase())) return missing(name)
      const timestamp = scheme.timestamp && request.header(scheme.timestamp.header.toLowerCase())
      if (timestamp !== undefined && !/^\d{1,15}$/.test(timestamp)) return invalid
      const signature = format.read(value)
      const encoding = encodings.find((each) => SHAPE[each].test(signature))
      if (secretKey === '' || encoding === undefined) return invalid
      const presented = Buffer.from(signature, encoding)
      const fits = befores.some((before) =>
        timingSafeEqual(presented, digest(secretKey, before.fill(request), request.body)),
      )
      if (!fits) return invalid
      // Only now: a stale but genuine request is told so, a forged one is not helped.
      if (scheme.timestamp && Math.abs(request.nowMs - unixMs(timestamp)) > scheme.timestamp.toleranceMs)
        return staleTimestamp(scheme.timestamp)
      return { ok: true, auth: 'hmac' }
    },
    sign: ({ body, nowMs }, { secretKey }) => {
      // Every header that goes into the signature carries the time: a timestamp is one, and a sequence id may be any text.
      const headers = Object.fromEntries(needed.map((name) => [name, String(Math.floor(nowMs / 1_000))]))
      const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      const before = befores[0]?.fill({ header: (name) => lower.get(name) }) ?? ''
      return { ...headers, [scheme.header]: format.write(digest(secretKey, before, body).toString(encodings[0])) }
    },
  }
}

function staleTimestamp({ header, toleranceMs }: NonNullable<HmacScheme['timestamp']>): VerifyResult {
  const message = `${header} is more than ${toleranceMs / 1_000} s from our clock`
  return { ok: false, code: 'stale_timestamp', message }
}

/** Reads the signature out of a header's value; empty where the value is not of that form. */
function compileFormat(format: string): { read(value: string): string; write(signature: string): string } {
  if (format === '{signature}') return { read: (value) => value, write: (signature) => signature }
  const parts = format.split(/(\{signature\}|\*)/)
  const source = parts.map((part) =>
    part === '{signature}' ? '(.+)' : part === '*' ? '.*?' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  )
  const pattern = new RegExp(`^${source.join('')}$`)
  return {
    read: (value) => pattern.exec(value)?.[1] ?? '',
    write: (signature) =>
      parts.map((part) => (part === '{signature}' ? signature : part === '*' ? '0' : part)).join(''),
  }
}

/** Splits a template into its text and the headers it names. */
function compileBefore(template: string) {
  const parts = template.split(/\{([\w-]+)\}/)
  return {
    headers: parts.filter((_, index) => index % 2 === 1),
    fill: (request: Pick<SignedRequest, 'header'>): string =>
      parts.length === 1
        ? template
        : parts.map((part, index) => (index % 2 === 1 ? request.header(part.toLowerCase()) : part)).join(''),
  }
}

function digest(secret: string, before: string, body: Uint8Array): Buffer {
  const hmac = createHmac('sha256', secret)
  if (before !== '') hmac.update(before)
  return hmac.update(body).digest()
}

function unixMs(text: string | undefined): number {
  const value = Number(text)
  return value > MILLISECONDS_FROM ? value : value * 1_000
}
