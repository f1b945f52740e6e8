import { perPieceTotal } from '../menu.js'
import { newest, type Platform } from '../platform.js'

const DELIVERY_FEE = 250

/** The path tells the event; of an order's life only the driver and a cancellation are told. */
export const justEatPlatform: Platform = {
  provider: 'just-eat',
  profile: 'live',
  steps: [
    { status: 'at_restaurant', afterMs: 9_000 },
    { status: 'delivering', afterMs: 13_000 },
  ],
  cancelled: 'customer_request',
  created: ({ number, basket, placedAt }) => ({
    event: 'order',
    message: {
      id: `jet-${number}`,
      friendly_order_reference: String(number % 1_000),
      type: 'delivery-by-jet-partner',
      posLocationId: 'loc-12',
      currency: 'GBP',
      country: 'GB',
      created_at: placedAt.toISOString(),
      collect_at: new Date(placedAt.getTime() + 20 * 60_000).toISOString(),
      customer: { first_name: basket.guest, last_name: '' },
      payment_method: 'CARD',
      payment: {
        items_in_cart: { inc_tax: perPieceTotal(basket) },
        tip: 0,
        final: perPieceTotal(basket) + DELIVERY_FEE,
      },
      delivery: { fee: DELIVERY_FEE, line1: '1 High Street', city: 'Bristol', phone_number: basket.phone },
      items: basket.lines.map(({ dish, quantity, extras }) => ({
        plu: dish.sku,
        name: dish.name,
        quantity,
        price: dish.price,
        children: Array.from({ length: extras }, () => ({
          plu: dish.extra.sku,
          name: dish.extra.name,
          quantity: 1,
          price: dish.extra.price,
          children: [],
        })),
      })),
    },
  }),
  changed: ({ number }, history) => {
    const { status, at } = newest(history)
    const about = { id: `jet-${number}`, updated_at: at.toISOString() }
    return status === 'customer_request'
      ? { event: 'cancel', message: { ...about, reason: status } }
      : { event: 'driver-status', message: { ...about, status, driver: { name: 'S. P.' } } }
  },
}
