import { z } from 'zod'

/** An amount in integer minor units of its ISO 4217 currency (KWD 7.250 is 7250). */
export const moneySchema = z
  .object({ amount: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) })
  .readonly()
  .describe('Integer minor units of an ISO 4217 currency: KWD 7.250 is {"amount":7250,"currency":"KWD"}')
export type Money = z.infer<typeof moneySchema>

const timeSchema = z.iso.datetime().describe('RFC 3339, UTC, milliseconds')
const textOrNull = z.string().nullable()
const moneyOrNull = moneySchema.nullable()
const timeOrNull = timeSchema.nullable()

export const ORDER_STATUSES = [
  'pending',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'delivered',
  'rejected',
  'cancelled',
  'failed',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]
export const orderStatusSchema = z.enum(ORDER_STATUSES)

export type Modifier = {
  readonly externalId: string
  readonly sku: string | null
  readonly name: string | null
  readonly quantity: number
  readonly unitPrice: Money | null
  readonly modifiers: readonly Modifier[]
}
export const modifierSchema: z.ZodType<Modifier> = z
  .object({
    externalId: z.string(),
    sku: textOrNull,
    name: textOrNull.describe('Null where the platform sends ids only'),
    quantity: z.int().min(0),
    unitPrice: moneyOrNull,
    get modifiers() {
      return z.array(modifierSchema).readonly()
    },
  })
  .readonly()
  .meta({ id: 'Modifier' })

export const orderLineSchema = z
  .object({
    n: z.int().min(1).describe('Its place in the order, from 1'),
    externalId: z.string(),
    sku: textOrNull.describe("The restaurant's own id of the item, where the platform carries it"),
    name: textOrNull,
    quantity: z.int().min(0),
    unitPrice: moneyOrNull.describe('Of one piece, without modifiers'),
    total: moneyOrNull.describe('What the platform charges for the line, modifiers included'),
    note: textOrNull,
    modifiers: z.array(modifierSchema).readonly(),
  })
  .readonly()
export type OrderLine = z.infer<typeof orderLineSchema>

export const orderTotalsSchema = z
  .object({
    items: moneyOrNull.describe('All lines'),
    discount: moneyOrNull.describe('What is taken off, as a positive amount'),
    deliveryFee: moneyOrNull,
    serviceFee: moneyOrNull,
    tip: moneyOrNull,
    tax: moneyOrNull.describe('Contained in the prices or added to them, as is usual in the market'),
    grandTotal: moneyOrNull.describe("The platform's own total: authoritative"),
    collectOnDelivery: moneyOrNull.describe('What is still to be paid in cash'),
  })
  .readonly()
export type OrderTotals = z.infer<typeof orderTotalsSchema>

export const customerSchema = z
  .object({
    name: textOrNull,
    phone: z
      .object({
        e164: textOrNull.describe('Null where the country is not known'),
        accessCode: textOrNull,
        masked: z.boolean().describe("The platform's own line, not the guest's"),
      })
      .readonly()
      .nullable(),
    email: textOrNull,
  })
  .readonly()
export type Customer = z.infer<typeof customerSchema>

export const addressSchema = z
  .object({ text: textOrNull, lat: z.number().nullable(), lng: z.number().nullable(), note: textOrNull })
  .readonly()
export type Address = z.infer<typeof addressSchema>

/** One order in the shape every restaurant system gets, whatever platform it came from. */
export const orderSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    clientId: z.string(),
    storeRef: textOrNull.describe("The platform's id of the restaurant"),
    externalId: z.string().describe("The platform's id of the order"),
    externalCode: textOrNull.describe('The longer code people may see'),
    displayCode: textOrNull.describe('The short code riders say'),
    status: orderStatusSchema,
    service: z.enum(['delivery', 'pickup', 'dine_in']),
    deliveredBy: z.enum(['platform', 'restaurant', 'customer']),
    scheduledFor: timeOrNull,
    isTest: z.boolean().describe('Never send it to the kitchen'),
    placedAt: timeSchema,
    acceptBy: timeOrNull.describe('The platform cancels or rejects what nobody accepted by then'),
    pickupAt: timeOrNull,
    promisedAt: timeOrNull,
    customer: customerSchema.nullable(),
    address: addressSchema.nullable(),
    lines: z.array(orderLineSchema).readonly(),
    totals: orderTotalsSchema,
    payment: z
      .object({
        status: z.enum(['pending', 'paid', 'refunded', 'unknown']),
        method: z.enum(['cash', 'card', 'wallet', 'online', 'other']),
      })
      .readonly(),
    note: textOrNull,
    totalsCheck: z
      .enum(['ok', 'mismatch', 'unknown'])
      .describe("Whether lines and fees add up to the grand total; the platform's total counts either way"),
    revision: z.int().min(1).describe('Grows with every event of the order: the highest you have seen is the newest'),
  })
  .readonly()
export type Order = z.infer<typeof orderSchema>

/** A status the platform reported for an order, and what it did to the order. */
export const orderChangeSchema = z
  .object({
    orderId: z.string(),
    orderExternalId: textOrNull.describe('Null where the platform names the order by the id we gave it'),
    from: orderStatusSchema,
    to: orderStatusSchema.describe('What this event reported'),
    applied: z.boolean(),
    why: z
      .enum(['duplicate', 'late', 'illegal', 'unknown_order'])
      .nullable()
      .describe('Why it was not applied. unknown_order: parked until the order itself arrives'),
    reason: textOrNull.describe("The platform's words"),
    status: orderStatusSchema.describe('What the order is now'),
    revision: z.int().min(1),
  })
  .readonly()
export type OrderChange = z.infer<typeof orderChangeSchema>
