import { hash } from 'node:crypto'
import { fillBasket } from '../menu.js'
import { type Call, newest, type Platform, type SimulatedOrder } from '../platform.js'
import { createRandom } from '../random.js'

const TAX_PERCENT = 8

const money = (amount: number) => ({ amount, currency_code: 'USD', formatted_amount: `$${(amount / 100).toFixed(2)}` })
const price = (unit: number, total: number) => ({ unit_price: money(unit), total_price: money(total) })

/** The order behind a thin event, as Uber's API answers it: made of its id alone, so that whoever asks gets the same. */
export function uberEatsOrder(id: string): object {
  const { guest, phone, lines, total } = fillBasket(createRandom(Number.parseInt(hash('sha256', id).slice(0, 8), 16)))
  const tax = Math.round((total * TAX_PERCENT) / 100)
  return {
    id,
    display_id: id.slice(-5).toUpperCase(),
    external_reference_id: `bowls-${id.slice(0, 8)}`,
    current_state: 'CREATED',
    type: 'DELIVERY_BY_UBER',
    brand: 'UBER_EATS',
    store: { id: STORE, name: 'Harbor Bowls', external_reference_id: 'harbor-bowls' },
    eater: { first_name: guest, phone, phone_code: '555 01 555' },
    cart: {
      items: lines.map(({ dish, quantity, extras }, index) => ({
        id: dish.sku,
        instance_id: `i-${index + 1}`,
        title: dish.name,
        external_data: dish.sku,
        quantity,
        price: price(dish.price, dish.price * quantity + dish.extra.price * extras),
        selected_modifier_groups: Array.from({ length: extras }, () => ({
          id: 'extras',
          title: 'Extras',
          selected_items: [
            {
              id: dish.extra.sku,
              title: dish.extra.name,
              external_data: dish.extra.sku,
              quantity: 1,
              price: price(dish.extra.price, dish.extra.price),
            },
          ],
        })),
      })),
    },
    payment: { charges: { sub_total: money(total), tax: money(tax), total_fee: money(0), total: money(total + tax) } },
  }
}

const STORE = '0b6b1f57-6f4e-4f6e-9f0d-1f3a7c1d2e44'

function event({ id }: SimulatedOrder, type: string, status: string, at: Date, more: object): Call {
  return {
    message: {
      event_id: hash('sha256', `${id} ${status}`).slice(0, 32),
      event_time: Math.floor(at.getTime() / 1_000),
      event_type: type,
      ...more,
    },
  }
}

/** Events name the order only; where it is, is in `resource_href`. */
export const uberEatsPlatform: Platform = {
  provider: 'uber-eats',
  profile: 'live',
  steps: [
    { status: 'EN_ROUTE_TO_DROPOFF', afterMs: 12_000 },
    { status: 'COMPLETED', afterMs: 19_000 },
  ],
  cancelled: 'canceled',
  created: (order) =>
    event(order, 'orders.notification', 'pos', order.placedAt, {
      meta: { resource_id: order.id, status: 'pos', user_id: STORE },
      resource_href: `${order.apiUrl}/v1/eats/order/${order.id}`,
    }),
  changed: (order, history) => {
    const { status, at } = newest(history)
    return status === 'canceled'
      ? event(order, 'orders.cancel', status, at, { meta: { resource_id: order.id, status, user_id: STORE } })
      : event(order, 'delivery.state_changed', status, at, { meta: { order_id: order.id, status, user_id: STORE } })
  },
}
