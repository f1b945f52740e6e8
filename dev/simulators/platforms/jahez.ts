import { newest, type Platform, type SimulatedOrder, type Step, specEnvelope } from '../platform.js'

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
      modifiers: Array.from({ length: extras }, () => ({
        modifier_id: 'extras',
        options: [
          {
            id: dish.extra.sku,
            quantity: 1,
            original_price: dish.extra.price / 100,
            final_price: dish.extra.price / 100,
          },
        ],
      })),
    })),
    customer_name: basket.guest,
    phone_number: basket.phone,
  }
}

const STEPS: readonly Step[] = [
  { status: 'A', afterMs: 3_000 },
  { status: 'O', afterMs: 10_000 },
  { status: 'D', afterMs: 17_000 },
]

export const jahezSpecPlatform: Platform = {
  provider: 'jahez',
  profile: 'spec',
  steps: STEPS,
  cancelled: 'C',
  created: (order) => specEnvelope('order_action', order.placedAt, { action: 'create', order: jahezOrder(order) }),
  changed: (order, history) => {
    const { status, at } = newest(history)
    return specEnvelope('order_action', at, { action: 'update', order: { jahez_id: order.number, status } })
  },
}

export const jahezLivePlatform: Platform = {
  provider: 'jahez',
  profile: 'live',
  steps: STEPS,
  cancelled: 'C',
  created: (order) => ({ event: 'order_create', message: jahezOrder(order) }),
  changed: (order, history) => ({
    event: 'order_update',
    message: { event: 'order_update', jahezOrderId: order.number, status: newest(history).status },
  }),
}
