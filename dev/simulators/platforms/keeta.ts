import { hash } from 'node:crypto'
import { fillBasket } from '../menu.js'
import { type Call, type Moment, newest, type Platform, type SimulatedOrder } from '../platform.js'
import { createRandom } from '../random.js'

const price = (minor: number) => ({ value: minor / 100, currency: 'SAR' })

/** The order behind a thin event, as Open Delivery answers it: made of its id alone, so that whoever asks gets the same. */
export function keetaOrder(id: string): object {
  const { guest, phone, lines, total } = fillBasket(createRandom(Number.parseInt(hash('sha256', id).slice(0, 8), 16)))
  return {
    id,
    type: 'DELIVERY',
    displayId: id.slice(-5).toUpperCase(),
    lastEvent: 'CREATED',
    orderTiming: 'INSTANT',
    merchant: { id: 'jeddah-falafel-5c1e6f0a-2a51-4f5e-9f0e', name: 'Jeddah Falafel' },
    items: lines.map(({ dish, quantity, extras }, index) => {
      const options = price(dish.extra.price * extras)
      return {
        id: `i-${index + 1}`,
        name: dish.name,
        externalCode: dish.sku,
        unit: 'UN',
        // The menu charges an extra once a line: one line is one piece here.
        quantity: 1,
        unitPrice: price(dish.price * quantity),
        optionsPrice: options,
        totalPrice: price(dish.price * quantity + dish.extra.price * extras),
        options: Array.from({ length: extras }, () => ({
          id: dish.extra.sku,
          name: dish.extra.name,
          externalCode: dish.extra.sku,
          unit: 'UN',
          quantity: 1,
          unitPrice: price(dish.extra.price),
          totalPrice: price(dish.extra.price),
        })),
      }
    }),
    otherFees: [],
    discounts: [],
    total: { itemsPrice: price(total), otherFees: price(0), discount: price(0), orderAmount: price(total) },
    payments: {
      prepaid: total / 100,
      pending: 0,
      methods: [{ value: total / 100, currency: 'SAR', type: 'PREPAID', method: 'CREDIT' }],
    },
    customer: { id: `guest-${id.slice(-5)}`, name: guest, phone: { number: phone }, ordersCountOnMerchant: 1 },
    delivery: { deliveredBy: 'MARKETPLACE' },
  }
}

/** Open Delivery's thin events. */
function event({ id, number, apiUrl }: SimulatedOrder, { status, at }: Moment): Call {
  const orderId = `kt-${number}`
  const orderURL = `${apiUrl}/api/open/opendelivery/v1/orders/${orderId}`
  return { message: { eventId: `${id}-${status}`, eventType: status, orderId, orderURL, createdAt: at.toISOString() } }
}

export const keetaPlatform: Platform = {
  provider: 'keeta',
  profile: 'live',
  steps: [
    { status: 'CONFIRMED', afterMs: 3_000 },
    { status: 'READY_FOR_PICKUP', afterMs: 9_000 },
    { status: 'DISPATCHED', afterMs: 13_000 },
    { status: 'DELIVERED', afterMs: 20_000 },
  ],
  cancelled: 'CANCELLED',
  created: (order) => event(order, { status: 'CREATED', at: order.placedAt }),
  changed: (order, history) => event(order, newest(history)),
}
