import type { LogStage, LogStatus } from '../../domain/log.js'
import { PROFILES, type ProviderName } from '../../domain/provider.js'
import type { Builder } from '../builder.js'
import type { PeriodName } from '../operations/read-stats.js'

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
