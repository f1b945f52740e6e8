import { z } from 'zod'
import { EVENT_TYPES } from '../domain/event.js'
import { orderStatusSchema } from '../domain/order.js'
import { PROFILES, PROVIDER_NAME_PATTERN } from '../domain/provider.js'

const path = z
  .string()
  .max(200)
  .regex(/^[^\s[\]]+(?:\[(?:-?\d*|\w+=[^\]\s]*)\][^\s[\]]*)*$/, 'must be a path like items[].price')
const paths = z.array(path).min(1).max(20)
const table = <T extends z.ZodType>(value: T) => z.strictObject({ from: path, table: z.record(z.string(), value) })
const constant = <T extends z.ZodType>(value: T) => z.strictObject({ value })
const error = (more = ''): { error: string } => ({
  error: `must be a path, a list of paths, {"from", "table"}${more} or {"value"}`,
})

const text = z.union(
  [path, paths, table(z.string()), z.strictObject({ join: paths }), constant(z.string())],
  error(', {"join"}'),
)
const time = z.union(
  [
    path,
    paths,
    z.strictObject({ from: path, plusMs: z.int().min(0) }),
    z.strictObject({ from: path, unix: z.enum(['seconds', 'milliseconds']) }),
    constant(z.string()),
  ],
  error(', {"from", "plusMs"}, {"from", "unix"}'),
)
const number = z.union([path, paths, constant(z.number())], error())
const flag = z.union([path, paths, table(z.boolean()), constant(z.boolean())], error())
/** A word of ours can only be looked up. */
const word = <T extends z.ZodType>(value: T) =>
  z.union([table(value), constant(value)], { error: 'must be {"from", "table"} with canonical words, or {"value"}' })
const money = z.union(
  [
    z.literal('zero'),
    path,
    paths,
    z.strictObject({ sum: paths }),
    z.strictObject({ from: path, when: path, is: z.array(z.string()).min(1) }),
  ],
  { error: 'must be a path, a list of paths, {"sum"}, {"from", "when", "is"} or "zero"' },
)

const encoding = z.enum(['hex', 'base64'])
const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be a header name')
const scheme = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hmac'),
    header: headerName,
    encoding: z
      .union([encoding, z.array(encoding).min(1)], { error: 'must be "hex", "base64" or a list of them' })
      .default('hex'),
    format: z.string().max(200).includes('{signature}').optional(),
    before: z.tuple([z.string().max(200)], z.string().max(200)).optional(),
    timestamp: z.strictObject({ header: headerName, toleranceMs: z.int().min(1_000).default(300_000) }).optional(),
  }),
  z.strictObject({
    kind: z.literal('static'),
    header: headerName,
    prefix: z.literal('Bearer').optional(),
    query: z.string().min(1).max(100).optional(),
    secret: z.enum(['secretKey', 'apiKey', 'clientId']).default('secretKey'),
    auth: z.enum(['api_key', 'bearer']).default('api_key'),
  }),
  z.strictObject({
    kind: z.literal('jwt'),
    header: headerName.default('Authorization'),
    algorithm: z.enum(['HS256', 'HS512']).default('HS256'),
    claims: z.record(z.string(), z.string()).default({}),
  }),
])

const modifiers = z.strictObject({
  at: path,
  children: z.union([path, paths]).optional(),
  externalId: text,
  sku: text.optional(),
  name: text.optional(),
  quantity: number.optional(),
  unitPrice: money.optional(),
  total: money.optional(),
})
const lines = z.strictObject({
  at: path,
  externalId: text,
  sku: text.optional(),
  name: text.optional(),
  quantity: number,
  unitPrice: money.optional(),
  total: money.optional(),
  modifiersAre: z.enum(['included', 'added-once', 'added-per-unit']).default('included'),
  note: text.optional(),
  modifiers: modifiers.optional(),
})
const moneyForm = z.enum(['decimal', 'minor', 'fractional', 'amount', 'value'])
const order = z.strictObject({
  at: z.union([z.literal(''), path]).default(''),
  money: moneyForm,
  currency: text.optional(),
  country: text.optional(),
  externalId: text,
  externalCode: text.optional(),
  displayCode: text.optional(),
  storeRef: text.optional(),
  status: word(orderStatusSchema).optional(),
  service: word(z.enum(['delivery', 'pickup', 'dine_in'])).default({ value: 'delivery' }),
  deliveredBy: word(z.enum(['platform', 'restaurant', 'customer'])).default({ value: 'platform' }),
  scheduledFor: time.optional(),
  isTest: flag.optional(),
  placedAt: time.optional(),
  acceptBy: time.optional(),
  pickupAt: time.optional(),
  promisedAt: time.optional(),
  customer: z
    .strictObject({
      name: text.optional(),
      phone: text.optional(),
      accessCode: text.optional(),
      masked: z.boolean().optional(),
      email: text.optional(),
    })
    .optional(),
  address: z
    .strictObject({
      at: path,
      text: text.optional(),
      lat: number.optional(),
      lng: number.optional(),
      note: text.optional(),
    })
    .optional(),
  lines,
  totals: z.partialRecord(
    z.enum(['items', 'discount', 'deliveryFee', 'serviceFee', 'tip', 'tax', 'grandTotal', 'collectOnDelivery']),
    money,
  ),
  taxIsAdded: z.boolean().optional(),
  payment: z
    .strictObject({
      status: word(z.enum(['pending', 'paid', 'refunded', 'unknown'])),
      method: word(z.enum(['cash', 'card', 'wallet', 'online', 'other'])),
    })
    .default({ status: { value: 'unknown' }, method: { value: 'other' } }),
  note: text.optional(),
})

const name = z.union([path, paths, z.strictObject({ join: paths })], {
  error: 'must be a path, a list of paths or {"join"}',
})
const menuItem = z.strictObject({
  at: path,
  externalId: text,
  name: name.optional(),
  price: path.optional(),
  currency: text.optional(),
  available: flag.optional(),
  unavailableUntil: time.optional(),
  categoryIds: path.optional(),
  groupIds: path.optional(),
})
const menuList = { at: path, externalId: text, name: name.optional(), itemIds: path.optional() }
const menu = z.strictObject({
  storeRef: text.optional(),
  status: text.optional(),
  complete: flag.optional(),
  money: moneyForm.optional(),
  categories: z.strictObject(menuList).optional(),
  items: z.union([menuItem, z.array(menuItem).max(10)]).optional(),
  groups: z.strictObject({ ...menuList, min: number.optional(), max: number.optional() }).optional(),
  errors: path.optional(),
})

const subject = { orderExternalId: text.optional(), orderId: text.optional() }
const rule = z.strictObject({
  type: z.enum(EVENT_TYPES),
  dedupe: z.array(text).min(1).max(10),
  order: order.optional(),
  change: z.strictObject({ ...subject, to: word(orderStatusSchema), reason: text.optional() }).optional(),
  courier: z
    .strictObject({
      ...subject,
      status: text,
      name: text.optional(),
      phone: text.optional(),
      at: time.optional(),
      lat: number.optional(),
      lng: number.optional(),
    })
    .optional(),
  menu: menu.optional(),
  store: z.strictObject({ storeRef: text, status: text, reason: text.optional() }).optional(),
  resource: text.optional(),
})

/** One provider of a `PROVIDERS_FILE`: all of a `ProviderTable` that is data. */
export const configuredProviderSchema = z.strictObject({
  name: z.string().regex(PROVIDER_NAME_PATTERN, 'must be 1–32 lower-case letters, digits and hyphens, a letter first'),
  title: z.string().min(1).max(100).optional(),
  // What a registration asks for where it says nothing.
  profile: z.enum(PROFILES).default('spec'),
  schemes: z.array(scheme).min(1, 'must have at least one: nothing else proves who sent a request'),
  endpoints: z
    .array(
      z.strictObject({
        method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
        path: z.string().regex(/^(?:\/(?:[\w.-]+|\{\w+\}))*$/, 'must be empty or like /orders/{storeId}'),
        event: z
          .string()
          .regex(/^[\x21-\x7e]{1,100}$/)
          .optional(),
        requires: paths.optional(),
        body: z.literal('none').optional(),
      }),
    )
    .min(1)
    .max(20)
    .optional(),
  limits: z
    .array(z.strictObject({ windowMs: z.int().min(100).max(86_400_000), max: z.int().min(1) }))
    .max(10)
    .optional(),
  envelope: z.union(
    [
      z.literal('spec'),
      z.strictObject({ eventType: text.optional(), occurredAt: time.optional(), requires: paths.optional() }),
    ],
    { error: 'must be "spec" or {"eventType", "occurredAt", "requires"}' },
  ),
  kind: text.optional(),
  events: z.record(z.string().regex(/^[\x21-\x7e]{1,200}$/), rule),
  answer: z.strictObject({ status: z.union([z.literal(200), z.literal(202)]), json: z.json().optional() }).optional(),
})
