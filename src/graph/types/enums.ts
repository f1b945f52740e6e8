import type { LogStage, LogStatus } from '../../domain/log.js'
import { ORDER_STATUSES, type Order, type OrderChange } from '../../domain/order.js'
import { PROFILES, type ProviderName } from '../../domain/provider.js'
import type { Builder } from '../builder.js'
import type { PeriodName } from '../operations/read-stats.js'
import { REPLAY_STATUSES } from '../ports.js'

/** GraphQL writes its enums in capitals and without hyphens; inside they are the domain's words. */
const values = <T extends string>(words: readonly T[]) =>
  Object.fromEntries(words.map((word) => [word.toUpperCase().replaceAll('-', '_'), { value: word }])) as Record<
    string,
    { value: T }
  >

export type Enums = ReturnType<typeof defineEnums>

export function defineEnums(builder: Builder, providerNames: readonly ProviderName[]) {
  return {
    ProviderName: builder.enumType('ProviderName', { values: values(providerNames) }),
    LogStatus: builder.enumType('LogStatus', { values: values<LogStatus>(['pending', 'success', 'failed']) }),
    LogStage: builder.enumType('LogStage', {
      values: values<LogStage>(['received', 'rejected', 'dispatched', 'delivering', 'retrying', 'delivered', 'dead']),
    }),
    OrderStatus: builder.enumType('OrderStatus', { values: values(ORDER_STATUSES) }),
    OrderService: builder.enumType('OrderService', {
      values: values<Order['service']>(['delivery', 'pickup', 'dine_in']),
    }),
    DeliveredBy: builder.enumType('DeliveredBy', {
      values: values<Order['deliveredBy']>(['platform', 'restaurant', 'customer']),
    }),
    PaymentStatus: builder.enumType('PaymentStatus', {
      values: values<Order['payment']['status']>(['pending', 'paid', 'refunded', 'unknown']),
    }),
    PaymentMethod: builder.enumType('PaymentMethod', {
      values: values<Order['payment']['method']>(['cash', 'card', 'wallet', 'online', 'other']),
    }),
    TotalsCheck: builder.enumType('TotalsCheck', {
      description: "Whether lines and fees add up to the grand total; the platform's total counts either way",
      values: values<Order['totalsCheck']>(['ok', 'mismatch', 'unknown']),
    }),
    UnappliedReason: builder.enumType('UnappliedReason', {
      values: values<NonNullable<OrderChange['why']>>(['duplicate', 'late', 'illegal', 'unknown_order']),
    }),
    ReplayStatus: builder.enumType('ReplayStatus', { values: values(REPLAY_STATUSES) }),
    Period: builder.enumType('Period', { values: values<PeriodName>(['hour', 'day', 'week', 'month']) }),
    Profile: builder.enumType('Profile', { values: values(PROFILES) }),
    WebhookStatus: builder.enumType('WebhookStatus', { values: values<'active' | 'disabled'>(['active', 'disabled']) }),
    LiveEventKind: builder.enumType('LiveEventKind', {
      values: values<'dispatched' | 'duplicate' | 'attempted' | 'rejected'>([
        'dispatched',
        'duplicate',
        'attempted',
        'rejected',
      ]),
    }),
  }
}
