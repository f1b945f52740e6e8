import type { Client } from '../domain/client.js'
import type { ReceivedEvent } from '../domain/event.js'
import type { ProviderName } from '../domain/provider.js'
import type { HttpRequest } from '../http/http.js'
import type { ProviderRegistry } from '../providers/registry.js'
import type { RefusalCode } from './outcome.js'

/** Whether an event is durable now. */
export type StoreOutcome = { readonly outcome: 'stored' } | { readonly outcome: 'unavailable'; readonly reason: string }

/** A refused request of a known client; its body is not kept. */
export type Rejection = {
  readonly provider: ProviderName
  readonly clientId: string
  readonly code: RefusalCode
  readonly message: string
  readonly statusCode: number
  readonly remoteAddress: string
}

/** What ingress needs of the rest of the system. None of it touches a database. */
export type IngressPorts = {
  readonly providers: ProviderRegistry
  /** From memory; undefined when no such client is registered. */
  findClient(clientId: string): Client | undefined
  /** Resolves when the event is fsynced, or cannot be. `request` is the one that brought it. */
  store(event: ReceivedEvent, request: Pick<HttpRequest, 'header'>): Promise<StoreOutcome>
  /** Best effort and rate-bounded: an attacker cannot fill the logs. */
  recordRejection(rejection: Rejection): void
  now(): Date
}
