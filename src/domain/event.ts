import { z } from 'zod'
import { orderIdOf } from './ids.js'
import { type MenuUpdate, menuUpdateSchema } from './menu.js'
import { type Order, type OrderStatus, orderChangeSchema, orderSchema } from './order.js'
import { AUTH_KINDS, type AuthKind, PROFILES, type Profile, type ProviderName } from './provider.js'

export const EVENT_TYPES = [
  'order.created',
  'order.updated',
  'order.status_changed',
  'order.at_risk',
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

/** The order something is about: by the platform's id, by ours (where the platform was given it), or both. */
type Subject = { readonly orderExternalId: string | null; readonly orderId: string | null }

/** A status as an adapter reads it; dispatch finds out what it does to the order. */
export type ReportedChange = Subject & { readonly to: OrderStatus; readonly reason: string | null }

/** The courier's own axis: it never moves the order. */
export const courierSchema = z
  .object({
    orderExternalId: z.string().nullable(),
    orderId: z.string().nullable(),
    status: z.string().describe("The platform's own word"),
    name: z.string().nullable(),
    phone: z.string().nullable().describe('E.164'),
    at: z.iso.datetime().nullable(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .readonly()
export type Courier = z.infer<typeof courierSchema>

export const storeChangeSchema = z
  .object({
    storeRef: z.string(),
    status: z.string().describe("The platform's own word"),
    reason: z.string().nullable(),
  })
  .readonly()
export type StoreChange = z.infer<typeof storeChangeSchema>

/** What an adapter reads out of a payload. Exactly the parts that fit the event's type are present. */
export type ReportedData = {
  readonly order?: Order
  readonly change?: ReportedChange
  readonly courier?: Courier
  readonly menu?: MenuUpdate
  readonly store?: StoreChange
}

/** The canonical event: what dispatch makes of a received event, and what a client is sent as `data`. */
export const canonicalEventSchema = z
  .object({
    v: z.literal(1),
    id: z.string(),
    type: z.enum(EVENT_TYPES),
    provider: z.string(),
    clientId: z.string(),
    occurredAt: z.iso.datetime(),
    receivedAt: z.iso.datetime(),
    dedupeKey: z.string(),
    source: z
      .object({
        eventType: z.string().describe("The platform's own event name"),
        profile: z.enum(PROFILES),
        auth: z.enum(AUTH_KINDS).describe('How the sender proved itself'),
        problem: z.string().optional().describe('Why something that belongs to the event is not here'),
      })
      .readonly(),
    data: z
      .object({
        order: orderSchema.optional(),
        change: orderChangeSchema.optional(),
        courier: courierSchema.optional(),
        menu: menuUpdateSchema.optional(),
        store: storeChangeSchema.optional(),
      })
      .readonly(),
  })
  .readonly()
export type CanonicalEvent = z.infer<typeof canonicalEventSchema>

/** An event as its adapter reads it: what it reports of an order is not judged yet. */
export type ReportedEvent = Omit<CanonicalEvent, 'data'> & { readonly data: ReportedData }

/** The order an event is about, in our id; null for one about no order. */
export function orderIdIn({ provider, clientId, data }: CanonicalEvent | ReportedEvent): string | null {
  if (data.order !== undefined) return data.order.id
  if (data.change === undefined) return null
  const { orderId, orderExternalId } = data.change
  return orderId ?? (orderExternalId === null ? null : orderIdOf(provider, clientId, orderExternalId))
}
