import type { Address, Customer, Modifier, Money, Order, OrderLine, OrderTotals } from '../../domain/order.js'
import type { Builder, ObjectType } from '../builder.js'
import { pageOf } from '../cursor.js'
import { findOrder, listOrders } from '../operations/list-orders.js'
import { type LiveOrderChange, liveOrders } from '../operations/live-orders.js'
import { withoutNulls } from '../operations/without-nulls.js'
import type { OrderFilter, OrderHistoryEntry, OrderRecord } from '../ports.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'
import type { Enums } from './enums.js'

type Refs = { readonly enums: Enums; readonly pageInfo: ReturnType<typeof definePageInfo> }

/** Orders in the canonical model: the objects, `order`, `orders` and the subscription `orders`. */
export function defineOrder(builder: Builder, { enums, pageInfo }: Refs) {
  const order = defineObject(builder, enums)
  const connection = defineConnection(builder, pageInfo, {
    name: 'Order',
    list: 'order',
    node: order,
    positionOf: (node) => ({ at: node.order.placedAt, id: node.order.id }),
  })
  const filter = builder.inputType('OrderFilter', {
    fields: (t) => ({
      provider: t.field({ type: enums.ProviderName }),
      clientId: t.id(),
      status: t.field({ type: enums.OrderStatus }),
      storeRef: t.string({ description: "The platform's id of the restaurant" }),
      search: t.string({ description: "An order's id: ours, the platform's, or the short code riders say. Exact" }),
      placedAfter: t.field({ type: 'DateTime', description: 'Inclusive' }),
      placedBefore: t.field({ type: 'DateTime', description: 'Inclusive' }),
    }),
  })
  builder.queryFields((t) => ({
    order: t.field({
      type: order,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, loaders }) => findOrder(viewer, id, loaders),
    }),
    orders: t.field({
      type: connection,
      description: 'Newest first by the time they were placed',
      args: { filter: t.arg({ type: filter }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const page = pageOf('order', args)
        budget.charge(page.limit)
        const { total, ...listed } = await listOrders(viewer, filterOf(args.filter), page, ports.orders)
        return connectionOf(page, listed, total)
      },
    }),
  }))
  const change = defineChange(builder, enums, order)
  builder.subscriptionFields((t) => ({
    orders: t.field({
      type: change,
      description: 'Orders as they come and change; with `after`, everything since that cursor first',
      args: { filter: t.arg({ type: filter }), after: t.arg.string() },
      subscribe: (_, args, { viewer, ports }) =>
        liveOrders(viewer, filterOf(args.filter), args.after ?? undefined, ports),
      resolve: (found) => found,
    }),
  }))
  return { order }
}

/** GraphQL says null where it was told nothing. */
function filterOf(
  filter: { readonly [name in keyof OrderFilter]?: OrderFilter[name] | null | undefined } | null | undefined,
) {
  return withoutNulls<OrderFilter>(filter ?? {})
}

function defineObject(builder: Builder, enums: Enums): ObjectType<OrderRecord> {
  const money = builder.objectRef<Money>('Money').implement({
    description: 'Integer minor units of an ISO 4217 currency: KWD 7.250 is 7250',
    fields: (t) => ({ amount: t.exposeInt('amount'), currency: t.exposeString('currency') }),
  })
  const line = defineLine(builder, money)
  const totals = defineTotals(builder, money)
  const { customer, address } = defineGuest(builder)
  const history = defineHistory(builder, enums)
  const payment = builder.objectRef<Order['payment']>('OrderPayment').implement({
    fields: (t) => ({
      status: t.expose('status', { type: enums.PaymentStatus }),
      method: t.expose('method', { type: enums.PaymentMethod }),
    }),
  })
  return builder.objectRef<OrderRecord>('Order').implement({
    description: 'One order in the canonical model, whatever platform it came from',
    fields: (t) => ({
      id: t.id({ resolve: ({ order }) => order.id }),
      provider: t.field({ type: enums.ProviderName, resolve: ({ order }) => order.provider }),
      clientId: t.id({ resolve: ({ order }) => order.clientId }),
      storeRef: t.string({
        nullable: true,
        description: "The platform's id of the restaurant",
        resolve: ({ order }) => order.storeRef,
      }),
      externalId: t.string({ description: "The platform's id of the order", resolve: ({ order }) => order.externalId }),
      externalCode: t.string({ nullable: true, resolve: ({ order }) => order.externalCode }),
      displayCode: t.string({
        nullable: true,
        description: 'The short code riders say',
        resolve: ({ order }) => order.displayCode,
      }),
      status: t.field({ type: enums.OrderStatus, resolve: ({ order }) => order.status }),
      service: t.field({ type: enums.OrderService, resolve: ({ order }) => order.service }),
      deliveredBy: t.field({ type: enums.DeliveredBy, resolve: ({ order }) => order.deliveredBy }),
      scheduledFor: t.field({ type: 'DateTime', nullable: true, resolve: ({ order }) => order.scheduledFor }),
      isTest: t.boolean({ description: 'Never send it to the kitchen', resolve: ({ order }) => order.isTest }),
      placedAt: t.field({ type: 'DateTime', resolve: ({ order }) => order.placedAt }),
      acceptBy: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The platform cancels or rejects what nobody accepted by then',
        resolve: ({ order }) => order.acceptBy,
      }),
      pickupAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ order }) => order.pickupAt }),
      promisedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ order }) => order.promisedAt }),
      customer: t.field({ type: customer, nullable: true, resolve: ({ order }) => order.customer }),
      address: t.field({ type: address, nullable: true, resolve: ({ order }) => order.address }),
      lines: t.field({ type: [line], resolve: ({ order }) => [...order.lines] }),
      totals: t.field({ type: totals, resolve: ({ order }) => order.totals }),
      payment: t.field({ type: payment, resolve: ({ order }) => order.payment }),
      note: t.string({ nullable: true, resolve: ({ order }) => order.note }),
      totalsCheck: t.field({ type: enums.TotalsCheck, resolve: ({ order }) => order.totalsCheck }),
      revision: t.int({
        description: 'Grows with every event of the order: the highest you have seen is the newest',
        resolve: ({ order }) => order.revision,
      }),
      changes: t.field({
        type: [history],
        description: 'Every status the platform reported, judged in the order in which it happened',
        resolve: ({ changes }) => [...changes],
      }),
    }),
  })
}

function defineLine(builder: Builder, money: ObjectType<Money>): ObjectType<OrderLine> {
  const modifier = builder.objectRef<Modifier>('OrderModifier')
  modifier.implement({
    fields: (t) => ({
      externalId: t.exposeString('externalId'),
      sku: t.exposeString('sku', { nullable: true }),
      name: t.exposeString('name', { nullable: true }),
      quantity: t.exposeInt('quantity'),
      unitPrice: t.expose('unitPrice', { type: money, nullable: true }),
      modifiers: t.field({ type: [modifier], resolve: ({ modifiers }) => [...modifiers] }),
    }),
  })
  return builder.objectRef<OrderLine>('OrderLine').implement({
    fields: (t) => ({
      n: t.exposeInt('n', { description: 'Its place in the order, from 1' }),
      externalId: t.exposeString('externalId'),
      sku: t.exposeString('sku', { nullable: true, description: "The restaurant's own id of the item" }),
      name: t.exposeString('name', { nullable: true }),
      quantity: t.exposeInt('quantity'),
      unitPrice: t.expose('unitPrice', { type: money, nullable: true, description: 'Of one piece, without modifiers' }),
      total: t.expose('total', { type: money, nullable: true, description: 'Of the line, modifiers included' }),
      note: t.exposeString('note', { nullable: true }),
      modifiers: t.field({ type: [modifier], resolve: ({ modifiers }) => [...modifiers] }),
    }),
  })
}

function defineTotals(builder: Builder, money: ObjectType<Money>): ObjectType<OrderTotals> {
  return builder.objectRef<OrderTotals>('OrderTotals').implement({
    fields: (t) => ({
      items: t.expose('items', { type: money, nullable: true }),
      discount: t.expose('discount', { type: money, nullable: true }),
      deliveryFee: t.expose('deliveryFee', { type: money, nullable: true }),
      serviceFee: t.expose('serviceFee', { type: money, nullable: true }),
      tip: t.expose('tip', { type: money, nullable: true }),
      tax: t.expose('tax', { type: money, nullable: true }),
      grandTotal: t.expose('grandTotal', {
        type: money,
        nullable: true,
        description: "The platform's own total: authoritative",
      }),
      collectOnDelivery: t.expose('collectOnDelivery', { type: money, nullable: true }),
    }),
  })
}

function defineGuest(builder: Builder) {
  const phone = builder.objectRef<NonNullable<Customer['phone']>>('CustomerPhone').implement({
    fields: (t) => ({
      e164: t.exposeString('e164', { nullable: true }),
      accessCode: t.exposeString('accessCode', { nullable: true }),
      masked: t.exposeBoolean('masked', { description: "The platform's own line, not the guest's" }),
    }),
  })
  const customer = builder.objectRef<Customer>('Customer').implement({
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true }),
      phone: t.expose('phone', { type: phone, nullable: true }),
      email: t.exposeString('email', { nullable: true }),
    }),
  })
  const address = builder.objectRef<Address>('Address').implement({
    fields: (t) => ({
      text: t.exposeString('text', { nullable: true }),
      lat: t.exposeFloat('lat', { nullable: true }),
      lng: t.exposeFloat('lng', { nullable: true }),
      note: t.exposeString('note', { nullable: true }),
    }),
  })
  return { customer, address }
}

function defineHistory(builder: Builder, enums: Enums): ObjectType<OrderHistoryEntry> {
  return builder.objectRef<OrderHistoryEntry>('OrderHistoryEntry').implement({
    description: 'A status the platform reported for an order, and whether it counted',
    fields: (t) => ({
      eventId: t.exposeID('eventId'),
      at: t.expose('occurredAt', { type: 'DateTime' }),
      from: t.expose('from', { type: enums.OrderStatus }),
      to: t.expose('to', { type: enums.OrderStatus }),
      applied: t.exposeBoolean('applied'),
      why: t.expose('why', { type: enums.UnappliedReason, nullable: true, description: 'Why it was not applied' }),
      reason: t.exposeString('reason', { nullable: true, description: "The platform's words" }),
    }),
  })
}

function defineChange(builder: Builder, enums: Enums, order: ObjectType<OrderRecord>): ObjectType<LiveOrderChange> {
  return builder.objectRef<LiveOrderChange>('OrderChange').implement({
    description: 'Something that became of an order. `cursor` names its place, as in `events`',
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      at: t.expose('at', { type: 'DateTime' }),
      eventId: t.exposeID('eventId'),
      type: t.exposeString('type', { description: 'The canonical type, as in deliveries' }),
      orderId: t.exposeID('orderId'),
      orderExternalId: t.exposeString('orderExternalId', { nullable: true }),
      provider: t.expose('provider', { type: enums.ProviderName }),
      clientId: t.exposeID('clientId'),
      from: t.expose('from', { type: enums.OrderStatus, nullable: true }),
      to: t.expose('to', {
        type: enums.OrderStatus,
        nullable: true,
        description: 'What the event reported, if a status',
      }),
      applied: t.exposeBoolean('applied'),
      why: t.expose('why', { type: enums.UnappliedReason, nullable: true, description: 'Why it was not applied' }),
      reason: t.exposeString('reason', { nullable: true, description: "The platform's words" }),
      status: t.expose('status', { type: enums.OrderStatus, description: 'What the order is now' }),
      revision: t.exposeInt('revision'),
      order: t.field({
        type: order,
        nullable: true,
        description: 'The order as it stands now; null while the read model has not got there yet',
        resolve: ({ orderId }, _, { loaders }) => loaders.orders.load(orderId),
      }),
    }),
  })
}
