import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import ipaddr from 'ipaddr.js'
import { Agent, type Dispatcher, request } from 'undici'
import type { AttemptResponse } from '../../domain/delivery.js'

export type PostOptions = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends deliveries. Never throws: whatever happens is the attempt's answer. */
export type HttpClient = {
  post(options: PostOptions): Promise<AttemptResponse>
  close(): Promise<void>
}

export type HttpClientOptions = {
  /** From connect to the end of the answer. */
  readonly timeoutMs: number
  /** Deliveries to private, loopback and link-local addresses (`ALLOW_PRIVATE_TARGETS`). */
  readonly allowPrivateTargets: boolean
}

const MAX_RESPONSE_BYTES = 16 * 1024
const CONNECTIONS_PER_ORIGIN = 64

/** A client that follows no redirects and, unless allowed, connects to public addresses only, checked at connect time. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: 30_000,
    connect: options.allowPrivateTargets
      ? { timeout: options.timeoutMs }
      : { timeout: options.timeoutMs, lookup: lookupPublic },
  })
  return {
    post: async ({ url, headers, body }) => {
      const startedAt = performance.now()
      const elapsed = (): number => Math.round(performance.now() - startedAt)
      try {
        if (!options.allowPrivateTargets) refusePrivateLiteral(new URL(url).hostname)
        const answer = await request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'orderwire', ...headers },
          body,
          dispatcher: agent,
          signal: AbortSignal.timeout(options.timeoutMs),
        })
        const text = await readBounded(answer)
        return {
          statusCode: answer.statusCode,
          body: text,
          error: null,
          responseTimeMs: elapsed(),
          retryAfterMs: retryAfterOf(answer),
        }
      } catch (error) {
        return {
          statusCode: null,
          body: null,
          error: describe(error, options.timeoutMs),
          responseTimeMs: elapsed(),
          retryAfterMs: null,
        }
      }
    },
    close: () => agent.destroy(),
  }
}

/** The first kilobytes; the rest is read and dropped only as far as undici's own bound for reusing the connection. */
async function readBounded(answer: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer.body) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.byteLength
    if (length >= MAX_RESPONSE_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString('utf8')
}

/** Retry-After in seconds or as an HTTP date (RFC 9110 §10.2.3). */
function retryAfterOf(answer: Dispatcher.ResponseData): number | null {
  const value = answer.headers['retry-after']
  if (typeof value !== 'string') return null
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  return `${code}${error.message}`.slice(0, 500)
}

/** A name is judged by the address that is then connected to, so a second DNS answer cannot smuggle one in. */
function lookupPublic(
  hostname: string,
  lookupOptions: object,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  dnsLookup(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, [])
    const refused = addresses.find(({ address }) => !isPublicAddress(address))
    if (refused !== undefined) return callback(privateTarget(refused.address), [])
    callback(null, addresses)
  })
}

/** IP literals never reach a lookup. */
function refusePrivateLiteral(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(literal) && !isPublicAddress(literal)) throw privateTarget(literal)
}

/** Only plain unicast counts: private, loopback, link-local, CGNAT, multicast and transition ranges do not. */
export function isPublicAddress(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.process(text).range() === 'unicast'
}

function privateTarget(address: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${address} is not a public address (ALLOW_PRIVATE_TARGETS is off)`), {
    code: 'PRIVATE_TARGET',
  })
}
