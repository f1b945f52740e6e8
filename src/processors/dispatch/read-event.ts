import type { Client, PlatformApiCredentials } from '../../domain/client.js'
import type { ReceivedEvent, ReportedEvent } from '../../domain/event.js'
import type { NormaliseContext, ProviderAdapter } from '../../providers/adapter.js'
import { matchEndpoint } from '../../providers/endpoint.js'
import type { Envelope } from '../../providers/envelope.js'
import type { ProviderRegistry } from '../../providers/registry.js'
import type { PlatformApi } from '../../providers/table.js'
import type { ResourceOutcome, ResourceRequest } from './fetch-resource.js'

export type ReadPorts = {
  readonly providers: ProviderRegistry
  /** Asks a platform for the order a thin event is about. Never throws. */
  fetchResource(request: ResourceRequest): Promise<ResourceOutcome>
  /** The platform's API where the installation reaches it elsewhere than its table says (a sandbox). */
  apiOf(provider: string): Pick<PlatformApi, 'hosts' | 'tokenUrl'> | undefined
}

export type ReadOutcome =
  | { readonly outcome: 'read'; readonly event: ReportedEvent }
  | { readonly outcome: 'again'; readonly delayMs: number; readonly reason: string }

/**
 * Delay before the next try to fetch a thin event's order, by tries made: eleven minutes in all, since Uber cancels what
 * is not accepted within eleven and a half. After the last the event goes out without its order, saying why.
 */
const FETCH_DELAYS_MS: readonly number[] = [
  1_000, 2_000, 3_000, 5_000, 10_000, 15_000, 20_000, 30_000, 60_000, 60_000, 60_000, 120_000, 120_000, 120_000,
]

/**
 * What a received event means, in our words; `unknown` for what its adapter cannot read.
 * @param tries how often this event has been tried before
 */
export async function readEvent(
  received: ReceivedEvent,
  client: Client | undefined,
  tries: number,
  ports: ReadPorts,
): Promise<ReadOutcome> {
  const known = parse(received, ports.providers)
  if (known === undefined) return { outcome: 'read', event: { ...about(received), type: 'unknown', data: {} } }
  const { adapter, envelope } = known
  const url = adapter.resourceOf?.(envelope) ?? null
  if (url === null) return read(received, adapter, envelope, {})
  const fetched = await fetchOrder(url, received, adapter, client, ports)
  if (fetched.outcome === 'fetched') return read(received, adapter, envelope, { resource: fetched.resource })
  const delayMs = FETCH_DELAYS_MS[tries]
  if (fetched.outcome === 'again' && delayMs !== undefined) return { outcome: 'again', delayMs, reason: fetched.reason }
  return read(received, adapter, envelope, {}, `the order could not be fetched: ${fetched.reason}`)
}

function read(
  received: ReceivedEvent,
  adapter: ProviderAdapter,
  envelope: Envelope,
  found: Pick<NormaliseContext, 'resource'>,
  problem?: string,
): ReadOutcome {
  const { clientId, eventId, receivedAt } = received
  const { type, data } = adapter.normalise(envelope, { clientId, eventId, receivedAt, ...found })
  const { source, ...rest } = about(received)
  return {
    outcome: 'read',
    event: { ...rest, source: { ...source, ...(problem !== undefined && { problem }) }, type, data },
  }
}

async function fetchOrder(
  url: string,
  { provider, profile }: ReceivedEvent,
  { api }: ProviderAdapter,
  client: Client | undefined,
  ports: ReadPorts,
): Promise<ResourceOutcome> {
  const credentials = credentialsOf(client, provider, profile)
  if (api === undefined || credentials === undefined)
    return { outcome: 'refused', reason: 'the registration has no platformApi credentials' }
  return ports.fetchResource({ url, api: { ...api, ...ports.apiOf(provider) }, credentials })
}

function credentialsOf(
  client: Client | undefined,
  provider: string,
  profile: string,
): PlatformApiCredentials | undefined {
  return client?.webhooks.find(
    (webhook) => webhook.provider === provider && webhook.profile === profile && webhook.platformApi !== undefined,
  )?.platformApi
}

function parse(
  event: ReceivedEvent,
  providers: ProviderRegistry,
): { readonly adapter: ProviderAdapter; readonly envelope: Envelope } | undefined {
  const adapter = providers.find(event.provider, event.profile)
  const match = adapter && matchEndpoint(adapter.endpoints, event.method, event.path)
  if (adapter === undefined || typeof match !== 'object') return undefined
  const parsed = adapter.parse({ ...match, body: event.body, receivedAt: event.receivedAt })
  return parsed.ok ? { adapter, envelope: parsed.envelope } : undefined
}

function about(event: ReceivedEvent): Omit<ReportedEvent, 'type' | 'data'> {
  const { eventId, provider, clientId, profile, auth, eventType, dedupeKey, occurredAt, receivedAt } = event
  return {
    v: 1,
    id: eventId,
    provider,
    clientId,
    occurredAt,
    receivedAt,
    dedupeKey,
    source: { eventType, profile, auth },
  }
}
