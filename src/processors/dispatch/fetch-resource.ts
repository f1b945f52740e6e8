import { createHmac } from 'node:crypto'
import { Agent, type Dispatcher, fetch } from 'undici'
import { z } from 'zod'
import type { PlatformApiCredentials } from '../../domain/client.js'
import type { PlatformApi } from '../../providers/table.js'
import { type ConnectorOptions, createConnector } from '../deliver/connect.js'

/** What came of asking a platform for the order a thin event is about. */
export type ResourceOutcome =
  | { readonly outcome: 'fetched'; readonly resource: unknown }
  /** Asking again would not help. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** The platform, or the way to it, is not well. */
  | { readonly outcome: 'again'; readonly reason: string }

export type ResourceRequest = {
  /** As the event named it: believed only where the platform's hosts allow it. */
  readonly url: string
  readonly api: PlatformApi
  readonly credentials: PlatformApiCredentials
}

export type ResourceClient = {
  /** Never throws. */
  fetchResource(request: ResourceRequest): Promise<ResourceOutcome>
  close(): Promise<void>
}

export type ResourceClientOptions = ConnectorOptions & { now(): number }

const MAX_BODY_BYTES = 2 * 1024 * 1024
/** A token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 60_000
/** For a platform that does not say how long its token lasts. */
const DEFAULT_LIFETIME_SECONDS = 600
const MAX_TOKENS = 1_000

/** RFC 6749's names, and Open Delivery's. */
const tokenSchema = z.union([
  z.object({ access_token: z.string().min(1), expires_in: z.number().positive().optional() }),
  z
    .object({ accessToken: z.string().min(1), expiresIn: z.number().positive().optional() })
    .transform(({ accessToken, expiresIn }) => ({ access_token: accessToken, expires_in: expiresIn })),
])

type Token = { readonly value: string; readonly until: number }

/** Reads orders from platforms' APIs with OAuth 2.0 client credentials. Tokens are kept: asking per call gets clients blocked. */
export function createResourceClient(options: ResourceClientOptions): ResourceClient {
  const agent = new Agent({ connections: 16, connect: createConnector(options) })
  const tokens = new Map<string, Promise<Token>>()

  const tokenFor = async ({ api, credentials }: ResourceRequest): Promise<string> => {
    const key = `${api.tokenUrl} ${credentials.clientId}`
    const known = tokens.get(key)
    const held = await known?.catch(() => undefined)
    if (held !== undefined && held.until > options.now()) return held.value
    // Concurrent events ask for one token together.
    const current = tokens.get(key)
    const asked = current === undefined || current === known ? requestToken(api, credentials, agent, options) : current
    if (tokens.size >= MAX_TOKENS) tokens.clear()
    tokens.set(key, asked)
    return (await asked).value
  }
  const attempt = async (request: ResourceRequest): Promise<ResourceOutcome | 'unauthorized'> => {
    const token = await tokenFor(request)
    const answer = await fetch(request.url, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...signatureOf(request) },
      redirect: 'error',
      dispatcher: agent,
      signal: AbortSignal.timeout(options.timeoutMs),
    })
    if (answer.status === 401) {
      await answer.body?.cancel()
      tokens.delete(`${request.api.tokenUrl} ${request.credentials.clientId}`)
      return 'unauthorized'
    }
    const text = await readBounded(answer.body)
    return answer.ok ? { outcome: 'fetched', resource: JSON.parse(text) } : failureOf(answer.status)
  }
  return {
    fetchResource: async (request) => {
      const refusal = refuseUrl(request.url, request.api, options.allowPrivateTargets)
      if (refusal !== null) return { outcome: 'refused', reason: refusal }
      try {
        const first = await attempt(request)
        const outcome = first === 'unauthorized' ? await attempt(request) : first
        return outcome === 'unauthorized' ? failureOf(401) : outcome
      } catch (error) {
        return error instanceof ResourceError
          ? error.outcome
          : { outcome: 'again', reason: error instanceof Error ? describe(error) : String(error) }
      }
    },
    close: () => agent.destroy(),
  }
}

/** Keeta's rule: the URL without its query, and the query's parameters by name, joined with `&` (no body here). */
function signatureOf({ url, api: { signatureHeader }, credentials }: ResourceRequest): Record<string, string> {
  if (signatureHeader === undefined) return {}
  const { origin, pathname, searchParams } = new URL(url)
  const parameters = [...searchParams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`)
  const signed = [`${origin}${pathname}`, ...parameters].join('&')
  return { [signatureHeader]: createHmac('sha256', credentials.clientSecret).update(signed).digest('base64') }
}

/** An outcome on its way out of nested calls. */
class ResourceError extends Error {
  override readonly name = 'ResourceError'
  constructor(readonly outcome: Exclude<ResourceOutcome, { outcome: 'fetched' }>) {
    super(outcome.reason)
  }
}

async function requestToken(
  api: PlatformApi,
  { clientId, clientSecret }: PlatformApiCredentials,
  agent: Dispatcher,
  options: ResourceClientOptions,
): Promise<Token> {
  const answer = await fetch(api.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      scope: api.scope,
    }).toString(),
    redirect: 'error',
    dispatcher: agent,
    signal: AbortSignal.timeout(options.timeoutMs),
  })
  const text = await readBounded(answer.body)
  if (!answer.ok) throw new ResourceError(failureOf(answer.status, 'the token endpoint'))
  const parsed = tokenSchema.safeParse(JSON.parse(text))
  if (!parsed.success)
    throw new ResourceError({ outcome: 'refused', reason: 'the token endpoint answered without a token' })
  const lifetimeMs = (parsed.data.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1_000
  return { value: parsed.data.access_token, until: options.now() + lifetimeMs - RENEW_BEFORE_MS }
}

/** Anybody who holds a webhook secret can name a URL: only the platform's own hosts are asked, and given our token. */
function refuseUrl(text: string, { hosts }: PlatformApi, allowPrivateTargets: boolean): string | null {
  if (!URL.canParse(text)) return 'the event names no URL'
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowPrivateTargets && url.protocol === 'http:')) return 'the URL is not https'
  if (url.username !== '' || url.password !== '') return 'the URL holds credentials'
  return hosts.includes(url.host) ? null : `${url.host.slice(0, 100)} is not one of the platform's hosts`
}

/** A platform that is busy, ill or slow is asked again; an order it does not give is not. */
function failureOf(status: number, who = 'the platform'): Exclude<ResourceOutcome, { outcome: 'fetched' }> {
  const reason = `${who} answered ${status}`
  const isPassing = status === 408 || status === 425 || status === 429 || status >= 500
  // Just after an order is placed it may not be readable yet.
  return isPassing || status === 404 ? { outcome: 'again', reason } : { outcome: 'refused', reason }
}

async function readBounded(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.byteLength
    if (length > MAX_BODY_BYTES)
      throw new ResourceError({ outcome: 'refused', reason: `the answer is larger than ${MAX_BODY_BYTES} bytes` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`.slice(0, 300)
}
