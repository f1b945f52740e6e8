import { perPieceTotal } from '../menu.js'
import { newest, type Platform, type SimulatedOrder } from '../platform.js'

const TAX_PERCENT = 9

/** Cents; options are priced per piece, tax comes on top. */
function doordashOrder({ id, basket, placedAt }: SimulatedOrder) {
  const subtotal = perPieceTotal(basket)
  return {
    id,
    delivery_short_code: id.slice(0, 6),
    experience: 'DOORDASH',
    fulfillment_type: 'dx_delivery',
    is_pickup: false,
    estimated_pickup_time: new Date(placedAt.getTime() + 15 * 60_000).toISOString(),
    order_special_instructions: '',
    store: { merchant_supplied_id: 'harbor-bowls', provider_type: 'orderwire', timezone: 'US/Eastern' },
    consumer: { id: 1, first_name: basket.guest, last_name: '', phone: basket.phone },
    categories: [
      {
        merchant_supplied_id: 'all',
        name: 'All',
        items: basket.lines.map(({ dish, quantity, extras }) => ({
          merchant_supplied_id: dish.sku,
          name: dish.name,
          quantity,
          price: dish.price,
          special_instructions: '',
          extras: Array.from({ length: extras }, () => ({
            merchant_supplied_id: 'extras',
            name: 'Extras',
            options: [
              {
                merchant_supplied_id: dish.extra.sku,
                name: dish.extra.name,
                quantity: 1,
                price: dish.extra.price,
                extras: [],
              },
            ],
          })),
        })),
      },
    ],
    subtotal,
    tax: Math.round((subtotal * TAX_PERCENT) / 100),
    tip_amount: 0,
    merchant_tip_amount: 0,
  }
}

export const doordashPlatform: Platform = {
  provider: 'doordash',
  profile: 'live',
  steps: [
    { status: 'dasher_out_for_delivery', afterMs: 12_000 },
    { status: 'dropoff', afterMs: 19_000 },
  ],
  cancelled: 'CANCELLED',
  created: (order) => ({ message: { event: { type: 'OrderCreate', status: 'NEW' }, order: doordashOrder(order) } }),
  changed: ({ id }, history) => {
    const { status } = newest(history)
    return status === 'CANCELLED'
      ? { message: { event: { type: 'OrderCancel', status, reason: 'consumer' }, external_order_id: id } }
      : { message: { event: { type: 'DasherStatusUpdate' }, external_order_id: id, dasher_status: status } }
  },
}
