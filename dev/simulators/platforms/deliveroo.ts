import { type Moment, newest, type Platform, type SimulatedOrder, specEnvelope } from '../platform.js'

const money = (minor: number) => ({ fractional: minor, currency_code: 'AED' })
const PLACED = 'placed'

const logOf = (history: readonly Moment[]) => history.map(({ status, at }) => ({ at: at.toISOString(), status }))
const placed = (order: SimulatedOrder): Moment => ({ status: PLACED, at: order.placedAt })

function deliverooOrder({ id, number, basket, placedAt }: SimulatedOrder, history: readonly Moment[]) {
  return {
    id: `ae:${id}`,
    order_number: String(number),
    display_id: String(number % 10_000),
    location_id: '540012',
    brand_id: 'cedar-grill-ae',
    status: history[history.length - 1]?.status ?? PLACED,
    status_log: logOf(history),
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
      modifiers: Array.from({ length: extras }, () => ({
        pos_item_id: dish.extra.sku,
        name: dish.extra.name,
        quantity: 1,
        unit_price: money(dish.extra.price),
        total_price: money(dish.extra.price),
        modifiers: [],
      })),
    })),
    customer: { first_name: basket.guest, contact_number: basket.phone },
  }
}

export const deliverooSpecPlatform: Platform = {
  provider: 'deliveroo',
  profile: 'spec',
  steps: [
    { status: 'accepted', afterMs: 3_000 },
    { status: 'delivered', afterMs: 18_000 },
  ],
  cancelled: 'canceled',
  created: (order) =>
    specEnvelope('order_event', order.placedAt, { event: 'order.new', order: deliverooOrder(order, [placed(order)]) }),
  changed: (order, history) =>
    specEnvelope('order_event', newest(history).at, {
      event: 'order.status_update',
      order: deliverooOrder(order, [placed(order), ...history]),
    }),
}

const isRiders = ({ status }: Moment): boolean => status.startsWith('rider_')

/** Orders and riders have webhooks of their own. */
export const deliverooLivePlatform: Platform = {
  provider: 'deliveroo',
  profile: 'live',
  steps: [
    { status: 'accepted', afterMs: 3_000 },
    { status: 'in_kitchen', afterMs: 5_000 },
    { status: 'ready_for_collection', afterMs: 9_000 },
    { status: 'rider_arrived', afterMs: 11_000 },
    { status: 'rider_in_transit', afterMs: 13_000 },
    { status: 'delivered', afterMs: 18_000 },
  ],
  cancelled: 'canceled',
  created: (order) => ({ message: { event: 'order.new', body: { order: deliverooOrder(order, [placed(order)]) } } }),
  changed: (order, history) => {
    const own = [placed(order), ...history.filter((moment) => !isRiders(moment))]
    return isRiders(newest(history))
      ? { message: { event: 'rider.status_update', body: riderOf(order, history.filter(isRiders)) } }
      : { message: { event: 'order.status_update', body: { order: deliverooOrder(order, own) } } }
  },
}

function riderOf({ id }: SimulatedOrder, history: readonly Moment[]) {
  const rider = { full_name: 'S. P.', contact_number: '+97144000001', lat: 25.08, lon: 55.14 }
  return { order_id: `ae:${id}`, stacked_with: [], riders: [{ ...rider, status_log: logOf(history) }] }
}
