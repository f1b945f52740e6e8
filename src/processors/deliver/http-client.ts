import { Agent, type Dispatcher, request } from 'undici'
import type { AttemptResponse } from '../../domain/delivery.js'
import { type ConnectorOptions, createConnector } from './connect.js'
import { classifyAddress } from './target-address.js'

export type PostOptions = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Instead of the client's own. */
  readonly timeoutMs?: number
}

/** Sends deliveries. Never throws: whatever happens is the attempt's answer. */
export type HttpClient = {
  post(options: PostOptions): Promise<AttemptResponse>
  close(): Promise<void>
}

/** `timeoutMs` counts from the start to the end of the answer. */
export type HttpClientOptions = ConnectorOptions

const MAX_RESPONSE_BYTES = 16 * 1024
/** Beyond what the gate admits at once: endpoints that share a host must not queue for each other's connections. */
const CONNECTIONS_PER_ORIGIN = 512

/** A client that follows no redirects and, unless allowed, sends by https to public addresses only: connect.ts says how. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: 30_000,
    // Ours is the attempt's own time-out.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createConnector(options),
  })
  return {
    post: async ({ url, headers, body, timeoutMs = options.timeoutMs }) => {
      const startedAt = performance.now()
      const elapsed = (): number => Math.round(performance.now() - startedAt)
      try {
        const answer = await request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'orderwire', ...headers },
          body,
          dispatcher: agent,
          signal: AbortSignal.timeout(timeoutMs),
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
          error: describe(error, timeoutMs),
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
  return `${code}${messageOf(error)}`.slice(0, 500)
}

/** A name with several addresses fails with one error for each, and no message of its own. */
function messageOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message
}

/** Whether a delivery may go to an address while private targets are not allowed. */
export function isPublicAddress(text: string): boolean {
  return classifyAddress(text).allowed
}
