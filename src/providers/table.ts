import type { EventType } from '../domain/event.js'
import type { OrderStatus } from '../domain/order.js'
import type { Profile, ProviderName } from '../domain/provider.js'
import type { Endpoint } from './endpoint.js'
import type { Accepted, Confidence, Envelope, PlatformAnswer, ProviderLimit } from './envelope.js'
import type { Field } from './map/field.js'
import type { MoneyForm, OrderMap } from './map/order-map.js'
import type { Path } from './map/path.js'
import type { Scheme } from './signature/scheme.js'

/** A status the event reports for an order, which it names by the platform's id or by ours (where the platform was given it). */
export type ChangeMap = {
  readonly orderExternalId?: Field<string>
  readonly orderId?: Field<string>
  /** Null (a word the table does not have) reports nothing. */
  readonly to: Field<OrderStatus>
  readonly reason?: Field<string>
}

export type CourierMap = {
  readonly orderExternalId?: Field<string>
  readonly orderId?: Field<string>
  /** The platform's own word. */
  readonly status: Field<string>
  readonly name?: Field<string>
  readonly phone?: Field<string>
  readonly at?: Field<string>
  readonly lat?: Field<number>
  readonly lng?: Field<number>
}

/** Text, or text by language: `{"en": …, "ar": …}`. */
type NameField = Path | readonly Path[] | { readonly join: readonly Path[] }

export type MenuItemMap = {
  readonly at: Path
  readonly externalId: Field<string>
  readonly name?: NameField
  readonly price?: Path
  readonly currency?: Field<string>
  readonly available?: Field<boolean>
  readonly unavailableUntil?: Field<string>
  readonly categoryIds?: Path
  readonly groupIds?: Path
}

export type MenuMap = {
  readonly storeRef?: Field<string>
  /** How an import went, or that a menu is asked for. */
  readonly status?: Field<string>
  /** Whether this is the whole menu; false where left out. */
  readonly complete?: Field<boolean>
  readonly money?: MoneyForm
  readonly categories?: {
    readonly at: Path
    readonly externalId: Field<string>
    readonly name?: NameField
    readonly itemIds?: Path
  }
  /** Several places where dishes and modifiers are lists of their own. */
  readonly items?: MenuItemMap | readonly MenuItemMap[]
  readonly groups?: {
    readonly at: Path
    readonly externalId: Field<string>
    readonly name?: NameField
    readonly min?: Field<number>
    readonly max?: Field<number>
    readonly itemIds?: Path
  }
  readonly errors?: Path
}

export type StoreMap = {
  readonly storeRef: Field<string>
  readonly status: Field<string>
  readonly reason?: Field<string>
}

/** What one of a platform's events means, and where its parts are. Paths start at the envelope's data. */
export type EventRule = {
  readonly type: EventType
  /** What makes a resend the same event; one that is missing leaves it to the body's hash. `@event` comes first by itself; `@receivedAt` makes every call count. */
  readonly dedupe: readonly Field<string>[]
  readonly order?: OrderMap
  readonly change?: ChangeMap
  readonly courier?: CourierMap
  readonly menu?: MenuMap
  readonly store?: StoreMap
  /** The event is thin: the order is at this URL, and `order` reads what comes from there. */
  readonly resource?: Field<string>
}

/** Where an envelope's parts are in a body that is all the platform sends. */
export type LiveEnvelope = {
  /** The provider's event name, where the endpoint does not tell it. */
  readonly eventType?: Field<string>
  /** The platform's time; the time of receipt where left out. */
  readonly occurredAt?: Field<string>
  /** What must be there for the body to be this platform's at all. */
  readonly requires?: readonly Path[]
}

/** A provider in one profile as a table: everything orderwire knows of it. */
export type ProviderTable = {
  readonly name: ProviderName
  readonly title: string
  readonly profile: Profile
  readonly confidence: Confidence
  /** All must be satisfied. */
  readonly schemes: readonly [Scheme, ...Scheme[]]
  /** `POST` to the client's URL itself where left out. */
  readonly endpoints?: readonly Endpoint[]
  /** Documented limits. */
  readonly limits?: readonly ProviderLimit[]
  /** `spec`: the specification's `{event_type, timestamp, data}`. */
  readonly envelope: 'spec' | LiveEnvelope
  /**
   * Which rule an event falls under where its name alone does not say: read from the data, it makes `name:kind` of the
   * name (`order_event:order.new`).
   */
  readonly kind?: Field<string>
  readonly events: Readonly<Record<string, EventRule>>
  /** The platform's own form of "taken"; the contract's form where left out. */
  readonly answer?: (envelope: Envelope, accepted: Accepted) => PlatformAnswer
  /** Hosts a thin event's URL may name, and how we prove ourselves there. */
  readonly api?: PlatformApi
}

/** A platform's API that dispatch may read from. */
export type PlatformApi = {
  readonly hosts: readonly string[]
  /** OAuth 2.0 client credentials. */
  readonly tokenUrl: string
  readonly scope: string
  /** Header of a signature that requests carry beside the token: base64 HMAC-SHA256, by the client secret, of the URL. */
  readonly signatureHeader?: string
}
