import { type Call, type Moment, newest, type Platform, type SimulatedOrder } from '../platform.js'

/** Open Delivery's thin events. */
function event({ id, number, apiUrl }: SimulatedOrder, { status, at }: Moment): Call {
  const orderId = `kt-${number}`
  const orderURL = `${apiUrl}/orders/${orderId}`
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
