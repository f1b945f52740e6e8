import type { OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'

/** Open Delivery's event names, which are also an order's `lastEvent`, and what they say of the order. */
export const STATUS: Readonly<Record<string, OrderStatus>> = {
  CREATED: 'pending',
  CONFIRMED: 'accepted',
  READY_FOR_PICKUP: 'ready',
  DISPATCHED: 'picked_up',
  PICKED_UP: 'picked_up',
  DELIVERED: 'delivered',
  CONCLUDED: 'delivered',
  CANCELLED: 'cancelled',
}

/** Open Delivery's order, as `orderURL` answers it (its OpenAPI document, version 1.3). Money is `{value, currency}` in major units. */
export const ORDER: OrderMap = {
  at: '',
  money: 'value',
  country: 'delivery.deliveryAddress.country',
  externalId: 'id',
  externalCode: 'displayId',
  displayCode: 'displayId',
  storeRef: 'merchant.id',
  status: { from: 'lastEvent', table: STATUS },
  service: { from: 'type', table: { DELIVERY: 'delivery', TAKEOUT: 'pickup', INDOOR: 'dine_in' } },
  deliveredBy: { from: 'delivery.deliveredBy', table: { MARKETPLACE: 'platform', MERCHANT: 'restaurant' } },
  scheduledFor: 'schedule.scheduledDateTimeStart',
  placedAt: 'createdAt',
  pickupAt: ['takeout.takeoutDateTime', 'indoor.indoorDateTime'],
  promisedAt: 'delivery.estimatedDeliveryDateTime',
  // "Encrypted or desensitized" where the platform delivers.
  customer: {
    name: 'customer.name',
    phone: 'customer.phone.number',
    accessCode: 'customer.phone.extension',
    masked: true,
    email: 'customer.email',
  },
  address: {
    at: 'delivery.deliveryAddress',
    text: 'delivery.deliveryAddress.formattedAddress',
    lat: 'delivery.deliveryAddress.coordinates.latitude',
    lng: 'delivery.deliveryAddress.coordinates.longitude',
    note: { join: ['delivery.deliveryAddress.complement', 'delivery.deliveryAddress.reference'] },
  },
  lines: {
    at: 'items[]',
    externalId: 'id',
    sku: 'externalCode',
    name: 'name',
    quantity: 'quantity',
    unitPrice: 'unitPrice',
    // quantity × (unitPrice + optionsPrice)
    total: 'totalPrice',
    modifiersAre: 'included',
    note: 'specialInstructions',
    modifiers: {
      at: 'options[]',
      externalId: 'id',
      sku: 'externalCode',
      name: 'name',
      quantity: 'quantity',
      unitPrice: 'unitPrice',
      total: 'totalPrice',
    },
  },
  totals: {
    items: 'total.itemsPrice',
    discount: 'total.discount',
    deliveryFee: { sum: ['otherFees[type=DELIVERY_FEE].price'] },
    serviceFee: { sum: ['otherFees[type=SERVICE_FEE].price'] },
    tip: { sum: ['otherFees[type=TIP].price'] },
    grandTotal: 'total.orderAmount',
    collectOnDelivery: 'payments.pending',
  },
  payment: {
    status: { from: 'payments.methods[0].type', table: { PREPAID: 'paid', PENDING: 'pending' } },
    method: {
      from: 'payments.methods[0].method',
      table: {
        CASH: 'cash',
        CREDIT: 'card',
        DEBIT: 'card',
        CREDIT_DEBIT: 'card',
        DIGITAL_WALLET: 'wallet',
        PIX: 'online',
      },
    },
  },
  note: 'extraInfo',
}
