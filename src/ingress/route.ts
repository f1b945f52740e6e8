import type { Client } from '../domain/client.js'
import type { ProviderName } from '../domain/provider.js'
import { type AddressMatcher, matchAddresses } from '../http/client-address.js'
import type { HttpRequest, HttpResponse, RequestHead, Route } from '../http/http.js'
import { matchEndpoint } from '../providers/endpoint.js'
import { answerOf, type ReceiveOutcome, type RefusalCode, statusOf } from './outcome.js'
import type { IngressPorts } from './ports.js'
import { createRateLimiter, type RateLimit } from './rate-limit.js'
import { type Candidate, receive, type Target } from './receive.js'
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
const BASE = '/webhooks/'

/** `/webhooks/{provider}/{clientId}` and below: where platforms send. */
export function createIngressRoute(ports: IngressPorts, options: IngressOptions): Route {
  const limiter = createRateLimiter()
  const recent = createRecentEvents(RECENT_EVENTS)
  const limits = new PerClient(() => new Map<string, readonly RateLimit[]>())
  const anyAllowed = options.allowedIps.length === 0 ? undefined : matchAddresses(options.allowedIps)
  const whitelists = new PerClient(whitelistOf)
  const isAllowed = (head: RequestHead, client: Client): boolean =>
    anyAllowed?.(head.remoteAddress) !== false && whitelists.of(client)?.(head.remoteAddress) !== false

  const answer = (head: RequestHead, target: Target, outcome: ReceiveOutcome, startedAt: number): HttpResponse => {
    const status = statusOf(outcome)
    const provider = ports.providers.has(target.provider) ? target.provider : null
    const clientId = ports.findClient(target.clientId)?.clientId ?? null
    options.onAnswer?.({ provider, clientId, status, durationMs: performance.now() - startedAt })
    if (outcome.outcome === 'refused' && provider !== null && clientId !== null) {
      const { code, message } = outcome
      const { remoteAddress } = head
      ports.recordRejection({ provider, clientId, code, message, statusCode: status, remoteAddress })
    }
    return answerOf(outcome)
  }
  const handle = (request: HttpRequest, target: Target, admitted: Found): ReceiveOutcome | Promise<ReceiveOutcome> => {
    // The client may have been changed or removed while its body was read.
    const found = ports.findClient(target.clientId) === admitted.client ? admitted : findCandidates(target, ports)
    if ('outcome' in found) return found
    const { client, candidates } = found
    const { rateLimiting } = client.settings.security
    if (!rateLimiting.enabled) return receive({ target, client, candidates, request }, ports, recent)
    const held = limitsOf(client, candidates, limits)
    const decision = limiter.take(held, ports.now().getTime())
    if (!decision.allowed) return { outcome: 'rate-limited', limit: decision.limit }
    const settle = (outcome: ReceiveOutcome): ReceiveOutcome => {
      const { skipSuccessfulRequests, skipFailedRequests } = rateLimiting
      if (outcome.outcome === 'accepted' ? skipSuccessfulRequests : skipFailedRequests)
        limiter.giveBack(held, ports.now().getTime())
      return outcome
    }
    const outcome = receive({ target, client, candidates, request }, ports, recent)
    return outcome instanceof Promise ? outcome.then(settle) : settle(outcome)
  }
  return {
    method: 'any',
    pattern: `${BASE}*`,
    maxBodyBytes: options.maxPayloadBytes,
    admit: (head) => {
      const startedAt = performance.now()
      const target = parseTarget(head)
      const admitted = admit(head, target, ports, isAllowed)
      if ('outcome' in admitted) return answer(head, target, admitted, startedAt)
      return (request) => {
        const readAt = performance.now()
        const outcome = handle(request, target, admitted)
        return outcome instanceof Promise
          ? outcome.then((settled) => answer(request, target, settled, readAt))
          : answer(request, target, outcome, readAt)
      }
    },
    onBodyFailure: (failure, head) => {
      const refusal =
        failure === 'timeout'
          ? refuse('timeout', 'The body did not arrive in time')
          : refuse('payload_too_large', `The body is larger than ${options.maxPayloadBytes} bytes`)
      return answer(head, parseTarget(head), refusal, performance.now())
    },
  }
}

function parseTarget({ path, method }: RequestHead): Target {
  const afterProvider = path.indexOf('/', BASE.length)
  if (afterProvider < 0)
    return { provider: path.slice(BASE.length), clientId: '', method: method.toUpperCase(), path: '' }
  const afterClient = path.indexOf('/', afterProvider + 1)
  const end = afterClient < 0 ? path.length : afterClient
  return {
    provider: path.slice(BASE.length, afterProvider),
    clientId: path.slice(afterProvider + 1, end),
    method: method.toUpperCase(),
    path: path.slice(end),
  }
}

type Found = { readonly client: Client; readonly candidates: readonly Candidate[] }
type Refused = Extract<ReceiveOutcome, { outcome: 'refused' }>

/** The registrations that take requests at this method and path. */
function findCandidates({ provider, clientId, method, path }: Target, ports: IngressPorts): Found | Refused {
  if (!ports.providers.has(provider))
    return refuse('unknown_provider', `No provider is called "${provider.slice(0, 64)}"`)
  const client = ports.findClient(clientId)
  const candidates: Candidate[] = []
  let isRegistered = false
  let isWrongMethod = false
  for (const webhook of client?.webhooks ?? []) {
    const adapter = webhook.provider === provider ? ports.providers.find(provider, webhook.profile) : undefined
    if (adapter === undefined) continue
    isRegistered = true
    const match = matchEndpoint(adapter.endpoints, method, path)
    if (match === 'wrong-method') isWrongMethod = true
    else if (match !== 'unknown-path') candidates.push({ webhook, adapter, match })
  }
  if (client === undefined || !isRegistered)
    return refuse('unknown_client', `No such client is registered for ${provider}`)
  if (candidates.length > 0) return { client, candidates }
  return isWrongMethod
    ? refuse('method_not_allowed', `${provider} does not send ${method} here`)
    : refuse('unknown_path', `${provider} sends nothing to this path`)
}

/** Refuses what can be refused without the body, cheapest first. */
function admit(
  head: RequestHead,
  target: Target,
  ports: IngressPorts,
  isAllowed: (head: RequestHead, client: Client) => boolean,
): Found | Refused {
  const found = findCandidates(target, ports)
  if ('outcome' in found) return found
  const expectsBody = found.candidates.every(({ match }) => match.endpoint.body !== 'none')
  if (expectsBody && !isJson(head.header('content-type')))
    return refuse('unsupported_media_type', 'The body must be application/json')
  if (!isAllowed(head, found.client)) return refuse('ip_not_allowed', 'This address may not send webhooks')
  return found
}

function refuse(code: RefusalCode, message: string): Refused {
  return { outcome: 'refused', code, message }
}

/** `application/json` or any `application/*+json`, with or without parameters. */
function isJson(contentType: string | undefined): boolean {
  return (
    contentType === 'application/json' ||
    (contentType !== undefined && /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType))
  )
}

/** What is worked out once for a client's settings; a changed client is another object. */
class PerClient<T> {
  readonly #known = new WeakMap<Client, T>()
  readonly #make: (client: Client) => T

  constructor(make: (client: Client) => T) {
    this.#make = make
  }

  of(client: Client): T {
    const known = this.#known.get(client)
    if (known !== undefined) return known
    const made = this.#make(client)
    this.#known.set(client, made)
    return made
  }
}

/** Null when any address may send. */
function whitelistOf(client: Client): AddressMatcher | null {
  const list = client.settings.security.ipWhitelist
  return list.length === 0 ? null : matchAddresses(list)
}

/** The documented limits of the candidates' profiles and the client's own, all of which hold. */
function limitsOf(
  client: Client,
  candidates: readonly Candidate[],
  cache: PerClient<Map<string, readonly RateLimit[]>>,
): readonly RateLimit[] {
  const profiles = candidates.map(({ adapter }) => `${adapter.name}:${adapter.profile}`).join()
  const known = cache.of(client).get(profiles)
  if (known !== undefined) return known
  const { maxRequests, windowMs } = client.settings.security.rateLimiting
  const documented = [...new Set(candidates.map(({ adapter }) => adapter))].flatMap(({ name, profile, limits }) =>
    limits.map((limit) => ({ key: `${name}:${profile}:${client.clientId}:${limit.windowMs}`, ...limit })),
  )
  const limits = [...documented, { key: client.clientId, windowMs, max: maxRequests }]
  cache.of(client).set(profiles, limits)
  return limits
}
