import type { Order, OrderChange } from './order.js'
import type { AuthKind, Profile, ProviderName } from './provider.js'

export const EVENT_TYPES = [
  'order.created',
  'order.updated',
  'order.status_changed',
  'courier.status_changed',
  'menu.updated',
  'store.status_changed',
  'unknown',
] as const
/** What a client is told happened. A provider's event that its table does not know is `unknown`, never refused. */
export type EventType = (typeof EVENT_TYPES)[number]

/** One verified webhook as ingress made it durable: the raw bytes and what identifies them. Times RFC 3339 UTC with ms. */
export type ReceivedEvent = {
  readonly eventId: string
  readonly provider: ProviderName
  readonly clientId: string
  readonly profile: Profile
  readonly auth: AuthKind
  /** The provider's own event name, e.g. `order_notification`. */
  readonly eventType: string
  readonly dedupeKey: string
  readonly occurredAt: string
  readonly receivedAt: string
  /** How the platform called: its method, and what followed the client's URL (empty for the URL itself). */
  readonly method: string
  readonly path: string
  /** The body exactly as sent: valid UTF-8 JSON, or empty where the endpoint takes none. */
  readonly body: Uint8Array
}

/** What the platform's payload means, in the canonical model. Exactly the part that fits `type` is present. */
export type EventData = {
  readonly order?: Order
  readonly change?: OrderChange
  readonly courier?: { readonly orderExternalId: string; readonly status: string }
  readonly menu?: MenuChange
}

/** First cut of a menu event: which items changed. */
export type MenuChange = {
  readonly storeRef: string | null
  readonly status: string | null
  readonly items: readonly {
    readonly externalId: string
    readonly available: boolean | null
    readonly price: { readonly amount: number; readonly currency: string } | null
  }[]
}

/** The canonical event: what dispatch makes of a received event. */
export type CanonicalEvent = {
  readonly v: 1
  readonly id: string
  readonly type: EventType
  readonly provider: ProviderName
  readonly clientId: string
  readonly occurredAt: string
  readonly receivedAt: string
  readonly dedupeKey: string
  readonly source: { readonly eventType: string; readonly profile: Profile; readonly auth: AuthKind }
  readonly data: EventData
}
