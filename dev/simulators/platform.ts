import type { Profile, ProviderName } from '../../src/domain/provider.js'
import type { Basket } from './menu.js'

/** What a platform says after an order was placed, and how long after, in ms. */
export type Step = { readonly status: string; readonly afterMs: number }

/** A status an order had, by the platform's clock. */
export type Moment = { readonly status: string; readonly at: Date }

export type SimulatedOrder = {
  readonly number: number
  /** A UUID. */
  readonly id: string
  /** Whom orderwire takes the order for: some platforms send back the id it gave. */
  readonly clientId: string
  /** Where the platform's API is, for thin events. */
  readonly apiUrl: string
  readonly placedAt: Date
  readonly basket: Basket
}

/** One call of a platform. */
export type Call = {
  /** The endpoint's event, where a platform has several paths. */
  readonly event?: string
  /** Parameters of the endpoint's path. */
  readonly params?: Readonly<Record<string, string>>
  readonly message: object
}

/** How one platform writes its webhooks in one profile. Pure: the same order makes the same bytes. */
export type Platform = {
  readonly provider: ProviderName
  readonly profile: Profile
  /** The life of an order that goes well, in the platform's words; a legal history. */
  readonly steps: readonly Step[]
  readonly cancelled: string
  created(order: SimulatedOrder): Call
  /** @param history all that was told of the order, the news last */
  changed(order: SimulatedOrder, history: readonly [...Moment[], Moment]): Call
}

/** Major units as text. */
export function decimal(minor: number, digits = 2): string {
  return (minor / 100).toFixed(digits)
}

/** The specification's envelope. */
export function specEnvelope(eventType: string, at: Date, data: object): Call {
  return { message: { event_type: eventType, timestamp: at.toISOString(), data } }
}

export function newest(history: readonly [...Moment[], Moment]): Moment {
  // The type says that there is one.
  return history[history.length - 1] as Moment
}
