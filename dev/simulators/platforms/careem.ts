import { decimal, newest, type Platform, type SimulatedOrder, specEnvelope } from '../platform.js'

const DELIVERY_FEE = 700
const SERVICE_FEE = 100

function specOrder({ id, number, basket, placedAt }: SimulatedOrder, status: string) {
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
      unit_price: decimal(dish.price),
      total_price: decimal(dish.price * quantity),
      modifiers:
        extras === 0
          ? []
          : [{ id: dish.extra.sku, name: dish.extra.name, price: decimal(dish.extra.price), quantity: extras }],
    })),
    total_amount: decimal(basket.total),
    currency: 'AED',
    delivery_address: { formatted_address: 'Al Marsa St, Dubai', coordinates: { lat: 25.0781, lng: 55.1386 } },
    payment_status: 'paid',
    payment_method: 'card',
    created_at: placedAt.toISOString(),
  }
}

export const careemSpecPlatform: Platform = {
  provider: 'careem',
  profile: 'spec',
  steps: [
    { status: 'preparing', afterMs: 4_000 },
    { status: 'ready', afterMs: 9_000 },
    { status: 'picked_up', afterMs: 13_000 },
    { status: 'delivered', afterMs: 20_000 },
  ],
  cancelled: 'cancelled',
  created: (order) => specEnvelope('order.created', order.placedAt, { order: specOrder(order, 'confirmed') }),
  changed: (order, history) => {
    const { status, at } = newest(history)
    const isEnd = status === 'cancelled' || status === 'delivered'
    return specEnvelope(isEnd ? `order.${status}` : 'order.updated', at, { order: specOrder(order, status) })
  },
}

/** Ids only, and JSON numbers in major units. */
function liveOrder({ number, basket, placedAt }: SimulatedOrder, status: string) {
  return {
    id: number,
    status,
    delivery_type: 'careem',
    merchant_pay_type: 'prepaid',
    branch: { id: 'b1f0c2d7', name: 'Marina Grill', brand_id: 'marina-grill' },
    notes: '',
    created_at: placedAt.toISOString(),
    is_scheduled: false,
    customer: { name: basket.guest, phone_number: Number(basket.phone.slice(1)) },
    items: basket.lines.map(({ dish, quantity, extras }) => ({
      id: dish.sku,
      quantity,
      price: dish.price / 100,
      total_price: (dish.price * quantity) / 100,
      groups: [
        {
          id: 'extras',
          options: Array.from({ length: extras }, () => ({
            id: dish.extra.sku,
            quantity: 1,
            price: dish.extra.price / 100,
            total_price: dish.extra.price / 100,
            groups: [],
          })),
        },
      ],
    })),
    price: {
      original_total_price: basket.total / 100,
      total_taxable_price: (basket.total + DELIVERY_FEE + SERVICE_FEE) / 100,
      tax_percentage: 5,
      delivery_fee: DELIVERY_FEE / 100,
      service_fee: SERVICE_FEE / 100,
      careem_discount_amount: 0,
      merchant_discount_amount: 0,
      careem_promo_amount: 0,
      merchant_promo_amount: 0,
    },
    cash_in: 0,
  }
}

export const careemLivePlatform: Platform = {
  provider: 'careem',
  profile: 'live',
  steps: [
    { status: 'accepted', afterMs: 3_000 },
    { status: 'ready', afterMs: 9_000 },
    { status: 'driver_here', afterMs: 11_000 },
    { status: 'trip_started', afterMs: 13_000 },
    { status: 'trip_ended', afterMs: 20_000 },
  ],
  cancelled: 'cancelled',
  created: (order) => ({ message: { event_type: 'ORDER_CREATED', details: liveOrder(order, 'pending') } }),
  changed: (order, history) => ({
    message: { event_type: 'ORDER_STATUS_UPDATED', details: liveOrder(order, newest(history).status) },
  }),
}
