import { orderIdOf } from '../../../src/domain/ids.js'
import { decimal, newest, type Platform, type SimulatedOrder, specEnvelope } from '../platform.js'

const STORE = '702114'

/** Delivery Hero's POS order. */
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
    platformRestaurant: { id: STORE },
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
      selectedToppings: Array.from({ length: extras }, () => ({
        id: dish.extra.sku,
        name: dish.extra.name,
        price: decimal(dish.extra.price, 3),
        quantity: 1,
        remoteCode: dish.extra.sku,
        type: 'EXTRA',
        children: [],
      })),
    })),
  }
}

export const talabatSpecPlatform: Platform = {
  provider: 'talabat',
  profile: 'spec',
  steps: [{ status: 'ORDER_PICKED_UP', afterMs: 12_000 }],
  cancelled: 'ORDER_CANCELLED',
  created: (order) => specEnvelope('order_notification', order.placedAt, { order: talabatOrder(order) }),
  changed: (order, history) => {
    const { status, at } = newest(history)
    return specEnvelope('status_update', at, { order: { token: order.id }, status })
  },
}

/** The middleware names the order by the id that orderwire answered its dispatch with. */
export const talabatLivePlatform: Platform = {
  provider: 'talabat',
  profile: 'live',
  steps: [
    { status: 'COURIER_ARRIVED_AT_VENDOR', afterMs: 8_000 },
    { status: 'ORDER_PICKED_UP', afterMs: 12_000 },
  ],
  cancelled: 'ORDER_CANCELLED',
  created: (order) => ({ event: 'order_dispatch', params: { remoteId: STORE }, message: talabatOrder(order) }),
  changed: (order, history) => {
    const { status } = newest(history)
    return {
      event: 'posOrderStatus',
      params: { remoteId: STORE, remoteOrderId: orderIdOf('talabat', order.clientId, order.id) },
      message: { status, message: status === 'ORDER_CANCELLED' ? 'Customer cancelled' : '' },
    }
  },
}
