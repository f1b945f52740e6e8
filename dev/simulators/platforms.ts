import type { ProviderName } from '../../src/domain/provider.js'
import type { Basket } from './menu.js'

/** The life of a simulated order: what the platform says after it was placed, and how long after, in ms. */
export type Step = { readonly status: string; readonly afterMs: number }

/** How one platform writes its webhooks in profile `spec`. */
export type Platform = {
  readonly provider: ProviderName
  readonly steps: readonly Step[]
  readonly cancelled: string
  /** The body of a new order. */
  created(order: SimulatedOrder): object
  /** The body of a status change. */
  changed(order: SimulatedOrder, status: string, at: Date): object
}

export type SimulatedOrder = {
  readonly number: number
  readonly id: string
  readonly placedAt: Date
  readonly basket: Basket
}

const decimal = (minor: number, digits: number): string => (minor / 100).toFixed(digits)
const money = (minor: number) => ({ fractional: minor, currency_code: 'AED' })
const envelope = (eventType: string, at: Date, data: object) => ({
  event_type: eventType,
  timestamp: at.toISOString(),
  data,
})

function careemOrder({ id, number, basket, placedAt }: SimulatedOrder, status: string) {
  return {
    id: `careem_${id}`,
    order_number: `CRM-${number}`,
    status,
    restaurant_id: 'rest_marina_07',
    customer: { id: `cust_${number}`, name: basket.guest, phone: basket.phone },
    items: basket.lines.map(({ dish, quantity, extras }, index) => ({
      id: `item_${index + 1}`,
      menu_item_id: dish.sku,
      name: dish.name,
      quantity,
      unit_price: decimal(dish.price, 2),
      total_price: decimal(dish.price * quantity, 2),
      modifiers:
        extras === 0
          ? []
          : [{ id: dish.extra.sku, name: dish.extra.name, price: decimal(dish.extra.price, 2), quantity: extras }],
    })),
    total_amount: decimal(basket.total, 2),
    currency: 'AED',
    delivery_address: { formatted_address: 'Al Marsa St, Dubai', coordinates: { lat: 25.0781, lng: 55.1386 } },
    payment_status: 'paid',
    payment_method: 'card',
    created_at: placedAt.toISOString(),
  }
}

function talabatOrder({ id, number, basket, placedAt }: SimulatedOrder) {
  return {
    token: id,
    code: `t4kw-${number}`,
    shortCode: String(number % 1_000),
    createdAt: placedAt.toISOString(),
    expiryDate: new Date(placedAt.getTime() + 12 * 60_000).toISOString(),
    expeditionType: 'delivery',
    test: false,
    preOrder: false,
    customer: { firstName: basket.guest, lastName: '', mobilePhone: basket.phone },
    localInfo: { countryCode: 'KW', currencySymbol: 'KD', platform: 'Talabat', platformKey: 'TB_KW' },
    platformRestaurant: { id: '702114' },
    payment: { status: 'paid', type: 'credit card' },
    price: {
      grandTotal: decimal(basket.total, 3),
      totalNet: decimal(basket.total, 3),
      vatTotal: '0.000',
      riderTip: '0.000',
      collectFromCustomer: '0.000',
    },
    discounts: [],
    delivery: { address: null, riderPickupTime: new Date(placedAt.getTime() + 18 * 60_000).toISOString() },
    products: basket.lines.map(({ dish, quantity, extras }, index) => ({
      id: String(index + 1),
      name: dish.name,
      quantity: String(quantity),
      unitPrice: decimal(dish.price, 3),
      paidPrice: decimal(dish.price * quantity + dish.extra.price * extras, 3),
      remoteCode: dish.sku,
      selectedToppings:
        extras === 0
          ? []
          : [
              {
                id: dish.extra.sku,
                name: dish.extra.name,
                price: decimal(dish.extra.price, 3),
                quantity: extras,
                remoteCode: dish.extra.sku,
                type: 'EXTRA',
                children: [],
              },
            ],
    })),
  }
}

function deliverooOrder(
  { id, number, basket, placedAt }: SimulatedOrder,
  log: readonly { at: string; status: string }[],
) {
  return {
    id: `ae:${id}`,
    order_number: String(number),
    display_id: String(number % 10_000),
    location_id: '540012',
    brand_id: 'cedar-grill-ae',
    status: log[log.length - 1]?.status ?? 'placed',
    status_log: log,
    fulfillment_type: 'deliveroo',
    asap: true,
    prepare_for: new Date(placedAt.getTime() + 20 * 60_000).toISOString(),
    subtotal: money(basket.total),
    total_price: money(basket.total),
    cash_due: money(0),
    items: basket.lines.map(({ dish, quantity, extras }) => ({
      pos_item_id: dish.sku,
      name: dish.name,
      operational_name: dish.sku,
      quantity,
      unit_price: money(dish.price),
      total_price: money(dish.price * quantity),
      modifiers:
        extras === 0
          ? []
          : [
              {
                pos_item_id: dish.extra.sku,
                name: dish.extra.name,
                quantity: extras,
                unit_price: money(dish.extra.price),
                total_price: money(dish.extra.price * extras),
                modifiers: [],
              },
            ],
    })),
    customer: { first_name: basket.guest, contact_number: basket.phone },
  }
}

function jahezOrder({ number, basket }: SimulatedOrder) {
  return {
    jahez_id: number,
    branch_id: 'riyadh-olaya-02',
    payment_method: 'APPLE-PAY-MADA',
    notes: '',
    price: basket.total / 100,
    final_price: basket.total / 100,
    products: basket.lines.map(({ dish, quantity, extras }) => ({
      product_id: dish.sku,
      quantity,
      original_price: dish.price / 100,
      final_price: (dish.price * quantity + dish.extra.price * extras) / 100,
      modifiers:
        extras === 0
          ? []
          : [
              {
                modifier_id: 'extras',
                options: [
                  {
                    id: dish.extra.sku,
                    quantity: extras,
                    original_price: dish.extra.price / 100,
                    final_price: (dish.extra.price * extras) / 100,
                  },
                ],
              },
            ],
    })),
    customer_name: basket.guest,
    phone_number: basket.phone,
  }
}

/** The four platforms of the specification. */
export const PLATFORMS: Readonly<Record<ProviderName, Platform>> = {
  careem: {
    provider: 'careem',
    steps: [
      { status: 'preparing', afterMs: 4_000 },
      { status: 'ready', afterMs: 9_000 },
      { status: 'picked_up', afterMs: 13_000 },
      { status: 'delivered', afterMs: 20_000 },
    ],
    cancelled: 'cancelled',
    created: (order) => envelope('order.created', order.placedAt, { order: careemOrder(order, 'confirmed') }),
    changed: (order, status, at) => {
      const eventType =
        status === 'cancelled' ? 'order.cancelled' : status === 'delivered' ? 'order.delivered' : 'order.updated'
      return envelope(eventType, at, { order: careemOrder(order, status) })
    },
  },
  talabat: {
    provider: 'talabat',
    steps: [{ status: 'ORDER_PICKED_UP', afterMs: 12_000 }],
    cancelled: 'ORDER_CANCELLED',
    created: (order) => envelope('order_notification', order.placedAt, { order: talabatOrder(order) }),
    changed: (order, status, at) => envelope('status_update', at, { order: { token: order.id }, status }),
  },
  deliveroo: {
    provider: 'deliveroo',
    steps: [
      { status: 'accepted', afterMs: 3_000 },
      { status: 'delivered', afterMs: 18_000 },
    ],
    cancelled: 'canceled',
    created: (order) =>
      envelope('order_event', order.placedAt, {
        event: 'order.new',
        order: deliverooOrder(order, [{ at: order.placedAt.toISOString(), status: 'placed' }]),
      }),
    changed: (order, status, at) =>
      envelope('order_event', at, {
        event: 'order.status_update',
        order: deliverooOrder(order, [
          { at: order.placedAt.toISOString(), status: 'placed' },
          { at: at.toISOString(), status },
        ]),
      }),
  },
  jahez: {
    provider: 'jahez',
    steps: [
      { status: 'A', afterMs: 3_000 },
      { status: 'O', afterMs: 10_000 },
      { status: 'D', afterMs: 17_000 },
    ],
    cancelled: 'C',
    created: (order) => envelope('order_action', order.placedAt, { action: 'create', order: jahezOrder(order) }),
    changed: (order, status, at) =>
      envelope('order_action', at, { action: 'update', order: { jahez_id: order.number, status } }),
  },
}
