import type { Client } from '../domain/client.js'
import { isProviderName, type ProviderName } from '../domain/provider.js'
import { type AddressMatcher, matchAddresses } from '../http/client-address.js'
import type { HttpRequest, HttpResponse, RequestHead, Route } from '../http/http.js'
import { adapterFor } from '../providers/registry.js'
import { answerOf, type ReceiveOutcome, type RefusalCode, statusOf } from './outcome.js'
import type { IngressPorts } from './ports.js'
import { createRateLimiter, type RateLimit, type RateLimiter } from './rate-limit.js'
import { receive } from './receive.js'
import { createRecentEvents } from './recent-events.js'

export type IngressOptions = {
  readonly maxPayloadBytes: number
  /** Installation-wide allow list (`ALLOWED_IPS`); empty allows any address. */
  readonly allowedIps: readonly string[]
  /** Told of every answer, for metrics. `clientId` is null when no such client is known. */
  readonly onAnswer?: (answer: {
    readonly provider: ProviderName | null
    readonly clientId: string | null
    readonly status: number
    readonly durationMs: number
  }) => void
}

const RECENT_EVENTS = 20_000

/** `POST /webhooks/{provider}/{clientId}`: where platforms send. */
export function createIngressRoute(ports: IngressPorts, options: IngressOptions): Route {
  const limiter = createRateLimiter()
  const recent = createRecentEvents(RECENT_EVENTS)
  const allowed = options.allowedIps.length === 0 ? undefined : matchAddresses(options.allowedIps)
  const whitelists = new WeakMap<Client, AddressMatcher>()
  const report = (head: RequestHead, outcome: ReceiveOutcome, startedAt: number): HttpResponse => {
    const target = parsePath(head.path)
    const client = ports.findClient(target.clientId)
    const provider = isProviderName(target.provider) ? target.provider : null
    options.onAnswer?.({
      provider,
      clientId: client?.clientId ?? null,
      status: statusOf(outcome),
      durationMs: performance.now() - startedAt,
    })
    if (outcome.outcome === 'refused' && provider !== null && client !== undefined) {
      const { code, message } = outcome
      ports.recordRejection({
        provider,
        clientId: client.clientId,
        code,
        message,
        statusCode: statusOf(outcome),
        remoteAddress: head.remoteAddress,
      })
    }
    return answerOf(outcome)
  }
  return {
    method: 'any',
    pattern: '/webhooks/*',
    maxBodyBytes: options.maxPayloadBytes,
    admit: (head) => {
      const startedAt = performance.now()
      const refusal = admit(head, ports, allowed, whitelists)
      return refusal === undefined ? undefined : report(head, refusal, startedAt)
    },
    onBodyFailure: (failure, head) => {
      const refusal =
        failure === 'timeout'
          ? refuse('timeout', 'The body did not arrive in time')
          : refuse('payload_too_large', `The body is larger than ${options.maxPayloadBytes} bytes`)
      return report(head, refusal, performance.now())
    },
    handler: async (request) => {
      const startedAt = performance.now()
      return report(request, await handle(request, ports, limiter, recent), startedAt)
    },
  }
}

type Target = { readonly provider: string; readonly clientId: string; readonly rest: string }

/** `/webhooks/{provider}/{clientId}` and what may hang below it. */
function parsePath(path: string): Target {
  const [, , provider = '', clientId = '', ...rest] = path.split('/')
  return { provider, clientId, rest: rest.join('/') }
}

/** Everything that can be refused without the body, cheapest first. */
function admit(
  head: RequestHead,
  ports: IngressPorts,
  allowed: AddressMatcher | undefined,
  whitelists: WeakMap<Client, AddressMatcher>,
): ReceiveOutcome | undefined {
  const { provider, clientId, rest } = parsePath(head.path)
  if (!isProviderName(provider)) return refuse('unknown_provider', `No provider is called "${provider.slice(0, 64)}"`)
  const client = ports.findClient(clientId)
  if (client === undefined || rest !== '' || !client.webhooks.some((webhook) => webhook.provider === provider)) {
    return refuse('unknown_client', `No such client is registered for ${provider}`)
  }
  if (head.method !== 'post') return refuse('method_not_allowed', 'Webhooks are sent by POST')
  if (!isJson(head.header('content-type'))) return refuse('unsupported_media_type', 'The body must be application/json')
  if (allowed !== undefined && !allowed(head.remoteAddress))
    return refuse('ip_not_allowed', 'This address may not send webhooks')
  if (!whitelistOf(client, whitelists)(head.remoteAddress))
    return refuse('ip_not_allowed', 'This address may not send webhooks for this client')
  return undefined
}

function refuse(code: RefusalCode, message: string): Extract<ReceiveOutcome, { outcome: 'refused' }> {
  return { outcome: 'refused', code, message }
}

/** `application/json` or any `application/*+json`, with or without parameters. */
function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType)
}

function whitelistOf(client: Client, cache: WeakMap<Client, AddressMatcher>): AddressMatcher {
  const known = cache.get(client)
  if (known !== undefined) return known
  const list = client.settings.security.ipWhitelist
  const matcher = list.length === 0 ? () => true : matchAddresses(list)
  cache.set(client, matcher)
  return matcher
}

async function handle(
  request: HttpRequest,
  ports: IngressPorts,
  limiter: RateLimiter,
  recent: ReturnType<typeof createRecentEvents>,
): Promise<ReceiveOutcome> {
  const { provider, clientId } = parsePath(request.path)
  const client = ports.findClient(clientId)
  // The client may have been removed while its body was read.
  if (client === undefined || !isProviderName(provider)) return refuse('unknown_client', 'No such client is registered')
  const { rateLimiting } = client.settings.security
  const limits = rateLimiting.enabled ? limitsOf(client, provider) : []
  const decision = limiter.take(limits, ports.now().getTime())
  if (!decision.allowed) return { outcome: 'rate-limited', limit: decision.limit }
  const outcome = await receive({ provider, client, body: request.body, header: request.header }, ports, recent)
  const skipped = outcome.outcome === 'accepted' ? rateLimiting.skipSuccessfulRequests : rateLimiting.skipFailedRequests
  if (skipped) limiter.giveBack(limits, ports.now().getTime())
  return outcome
}

/** The provider's documented limits and the client's own, all of which hold. */
function limitsOf(client: Client, provider: ProviderName): readonly RateLimit[] {
  const { maxRequests, windowMs } = client.settings.security.rateLimiting
  const adapter = adapterFor(provider, 'spec')
  const documented = (adapter?.limits ?? []).map((limit) => ({
    key: `${provider}:${client.clientId}:${limit.windowMs}`,
    ...limit,
  }))
  return [...documented, { key: client.clientId, windowMs, max: maxRequests }]
}
