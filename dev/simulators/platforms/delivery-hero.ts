import { type Call, newest, type Platform, type SimulatedOrder } from '../platform.js'

const DELIVERY_FEE = 500

/** The whole order at every status. */
function told({ id, number, basket, placedAt }: SimulatedOrder, status: string): Call {
  const items = basket.lines.map(({ dish, quantity }) => ({
    sku: dish.sku,
    name: dish.name,
    pricing: { quantity, unit_price: dish.price / 100, total_price: (dish.price * quantity) / 100 },
  }))
  const total = basket.lines.reduce((sum, { dish, quantity }) => sum + dish.price * quantity, 0)
  return {
    message: {
      order_id: id,
      external_order_id: `ext-${number}`,
      order_code: `a1-${number}`,
      status,
      order_type: 'DELIVERY',
      transport_type: 'LOGISTICS_DELIVERY',
      sys: { created_at: placedAt.toISOString() },
      promised_for: new Date(placedAt.getTime() + 35 * 60_000).toISOString(),
      client: { store_id: 'hs-riyadh-03', country_code: 'SA' },
      customer: { first_name: basket.guest, last_name: '', phone_number: basket.phone },
      payment: {
        type: 'PAID',
        status: 'PAID',
        currency: 'SAR',
        sub_total: total / 100,
        delivery_fee: DELIVERY_FEE / 100,
        order_total: (total + DELIVERY_FEE) / 100,
      },
      items,
      comment: '',
    },
  }
}

export const deliveryHeroPlatform: Platform = {
  provider: 'delivery-hero',
  profile: 'live',
  steps: [
    { status: 'ACCEPTED', afterMs: 3_000 },
    { status: 'READY_FOR_PICKUP', afterMs: 9_000 },
    { status: 'DISPATCHED', afterMs: 13_000 },
    { status: 'DELIVERED', afterMs: 20_000 },
  ],
  cancelled: 'CANCELLED',
  created: (order) => told(order, 'RECEIVED'),
  changed: (order, history) => told(order, newest(history).status),
}
