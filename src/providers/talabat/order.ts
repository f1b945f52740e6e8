import type { Order, OrderStatus } from '../../domain/order.js'
import type { OrderMap } from '../map/order-map.js'
import { text, toUtc, words } from '../read.js'

/** Delivery Hero's words, which Talabat shares. */
export const STATUS: Readonly<Record<string, OrderStatus>> = {
  ORDER_ACCEPTED: 'accepted',
  ORDER_PREPARED: 'ready',
  ORDER_PICKED_UP: 'picked_up',
  ORDER_DELIVERED: 'delivered',
  ORDER_REJECTED: 'rejected',
  ORDER_CANCELLED: 'cancelled',
}

/** The payload names a currency symbol; the ISO code follows from the country. */
const CURRENCY_OF_COUNTRY: Readonly<Record<string, string>> = {
  AE: 'AED',
  BH: 'BHD',
  EG: 'EGP',
  IQ: 'IQD',
  JO: 'JOD',
  KW: 'KWD',
  LB: 'LBP',
  OM: 'OMR',
  QA: 'QAR',
  SA: 'SAR',
  TR: 'TRY',
}

/** Delivery Hero's POS order, which the specification's Talabat envelope wraps too. Paths start at the order. */
export const DELIVERY_HERO_ORDER: Omit<OrderMap, 'at'> = {
  money: 'decimal',
  currency: { from: 'localInfo.countryCode', table: CURRENCY_OF_COUNTRY },
  country: 'localInfo.countryCode',
  externalId: ['token', 'id', '@data.token', '@data.order_id'],
  externalCode: 'code',
  displayCode: 'shortCode',
  storeRef: ['platformRestaurant.id', '@params.remoteId'],
  service: { from: 'expeditionType', read: (type) => (type === 'pickup' ? 'pickup' : 'delivery') },
  // A rider's pick-up time is given exactly when the platform delivers.
  deliveredBy: {
    from: ['expeditionType', 'delivery.riderPickupTime'],
    read: (type, pickup) => (type === 'pickup' ? 'customer' : typeof pickup === 'string' ? 'platform' : 'restaurant'),
  },
  scheduledFor: {
    from: ['preOrder', 'delivery.expectedDeliveryTime'],
    read: (isPreOrder, time) => (isPreOrder === true ? toUtc(time) : null),
  },
  isTest: 'test',
  placedAt: 'createdAt',
  acceptBy: 'expiryDate',
  pickupAt: ['delivery.riderPickupTime', 'pickup.pickupTime'],
  promisedAt: 'delivery.expectedDeliveryTime',
  customer: {
    name: { join: ['customer.firstName', 'customer.lastName'] },
    phone: 'customer.mobilePhone',
    // The platform's own e-mail is a hash: not an address.
    email: { from: 'customer.email', read: (email) => (text(email)?.includes('@') === true ? text(email) : null) },
  },
  address: {
    at: 'delivery.address',
    text: {
      from: ['street', 'number', 'building', 'city', 'formattedAddress'].map((part) => `delivery.address.${part}`),
      read: (street, number, building, city, whole) => words(street, number, building, city) ?? text(whole),
    },
    lat: 'delivery.address.latitude',
    lng: 'delivery.address.longitude',
    note: 'delivery.address.deliveryInstructions',
  },
  lines: {
    at: 'products[]',
    externalId: 'id',
    sku: 'remoteCode',
    name: 'name',
    quantity: 'quantity',
    unitPrice: 'unitPrice',
    total: 'paidPrice',
    modifiersAre: 'included',
    note: 'comment',
    modifiers: {
      at: 'selectedToppings[]',
      children: 'children[]',
      externalId: 'id',
      sku: 'remoteCode',
      name: 'name',
      quantity: 'quantity',
      unitPrice: 'price',
    },
  },
  totals: {
    discount: { sum: ['discounts[].amount'] },
    deliveryFee: { sum: ['price.deliveryFees[].value'] },
    serviceFee: 'zero',
    tip: 'price.riderTip',
    tax: 'price.vatTotal',
    grandTotal: 'price.grandTotal',
    collectOnDelivery: 'price.collectFromCustomer',
  },
  payment: {
    status: { from: 'payment.status', table: { paid: 'paid', pending: 'pending' } },
    method: { from: 'payment.type', read: (type) => methodOf(text(type) ?? '') },
  },
  note: 'comments.customerComment',
}

function methodOf(type: string): Order['payment']['method'] {
  const word = type.toLowerCase()
  if (word.includes('card')) return 'card'
  if (word.includes('cash')) return 'cash'
  if (word.includes('wallet')) return 'wallet'
  return word.includes('online') ? 'online' : 'other'
}
