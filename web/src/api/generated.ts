// Written by `npm run schema` from schema.graphql and the operations beside this file.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AlertSeverity =
  | 'CRITICAL'
  | 'WARNING';

export type AuditFilter = {
  readonly action?: string | null | undefined;
  readonly clientId?: string | null | undefined;
  readonly targetId?: string | null | undefined;
};

export type ClientConfigInput = {
  readonly retryPolicy?: RetryPolicyInput | null | undefined;
  readonly security?: SecurityInput | null | undefined;
};

export type DeadLetterFilter = {
  readonly clientId?: string | null | undefined;
  readonly endDate?: string | null | undefined;
  readonly provider?: ProviderName | null | undefined;
  readonly reason?: DeadReason | null | undefined;
  readonly startDate?: string | null | undefined;
  readonly webhookId?: string | null | undefined;
};

export type DeadReason =
  | 'ENDPOINT_DOWN'
  | 'EXPIRED'
  | 'RETRIES_EXHAUSTED'
  | 'WEBHOOK_DELETED'
  | 'WEBHOOK_DISABLED'
  | 'WEBHOOK_GONE';

/** What the endpoint may be asked at most */
export type DeliveryLimitsInput = {
  /** Attempts at once; 16 where left out */
  readonly concurrency?: number | null | undefined;
  /** Attempts a second; unbounded where left out */
  readonly ratePerSecond?: number | null | undefined;
  /** Of an attempt; WEBHOOK_TIMEOUT where left out */
  readonly timeoutMs?: number | null | undefined;
};

export type EventFilter = {
  readonly clientId?: string | null | undefined;
  readonly eventId?: string | null | undefined;
  readonly kind?: LiveEventKind | null | undefined;
  readonly provider?: ProviderName | null | undefined;
};

export type LiveEventKind =
  | 'ATTEMPTED'
  | 'DISPATCHED'
  | 'DUPLICATE'
  | 'REJECTED';

export type LogFilter = {
  readonly clientId?: string | null | undefined;
  /** Inclusive */
  readonly endDate?: string | null | undefined;
  /** The provider's own event name */
  readonly event?: string | null | undefined;
  readonly orderId?: string | null | undefined;
  readonly provider?: ProviderName | null | undefined;
  /** An id: of the log, or of its order (ours, the platform's, or the short code). Exact */
  readonly search?: string | null | undefined;
  readonly stage?: LogStage | null | undefined;
  /** Inclusive */
  readonly startDate?: string | null | undefined;
  readonly status?: LogStatus | null | undefined;
  /** The canonical type, as in deliveries: order.created … */
  readonly type?: string | null | undefined;
};

export type LogStage =
  | 'DEAD'
  | 'DELIVERED'
  | 'DELIVERING'
  | 'DISPATCHED'
  | 'RECEIVED'
  | 'REJECTED'
  | 'RETRYING';

export type LogStatus =
  | 'FAILED'
  | 'PENDING'
  | 'SUCCESS';

export type OrderFilter = {
  readonly clientId?: string | null | undefined;
  /** Inclusive */
  readonly placedAfter?: string | null | undefined;
  /** Inclusive */
  readonly placedBefore?: string | null | undefined;
  readonly provider?: ProviderName | null | undefined;
  /** An order's id: ours, the platform's, or the short code riders say. Exact */
  readonly search?: string | null | undefined;
  readonly status?: OrderStatus | null | undefined;
  /** The platform's id of the restaurant */
  readonly storeRef?: string | null | undefined;
};

export type OrderStatus =
  | 'ACCEPTED'
  | 'CANCELLED'
  | 'DELIVERED'
  | 'FAILED'
  | 'PENDING'
  | 'PICKED_UP'
  | 'PREPARING'
  | 'READY'
  | 'REJECTED';

export type Period =
  | 'DAY'
  | 'HOUR'
  | 'MONTH'
  | 'WEEK';

/** OAuth client credentials at the platform's own API */
export type PlatformApiInput = {
  readonly clientId: string;
  /** The `secretKey` where left out */
  readonly clientSecret?: string | null | undefined;
};

export type Profile =
  | 'LIVE'
  | 'SPEC';

export type ProviderName =
  | 'CAREEM'
  | 'DELIVEROO'
  | 'DELIVERY_HERO'
  | 'DOORDASH'
  | 'JAHEZ'
  | 'JUST_EAT'
  | 'KEETA'
  | 'TALABAT'
  | 'UBER_EATS';

export type RateLimitingInput = {
  readonly enabled?: boolean | null | undefined;
  readonly maxRequests?: number | null | undefined;
  readonly skipFailedRequests?: boolean | null | undefined;
  readonly skipSuccessfulRequests?: boolean | null | undefined;
  readonly windowMs?: number | null | undefined;
};

export type RegisterWebhookInput = {
  readonly clientId: string;
  readonly events: ReadonlyArray<string>;
  /** The same key gives the registration it made */
  readonly idempotencyKey?: string | null | undefined;
  /** For platforms whose events only name the order */
  readonly platformApi?: PlatformApiInput | null | undefined;
  readonly profile?: Profile;
  readonly provider: ProviderName;
  readonly secretKey?: string | null | undefined;
  readonly url: string;
};

export type ReplayStatus =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'RUNNING';

export type RetryPolicyInput = {
  readonly exponentialBackoff?: boolean | null | undefined;
  readonly maxRetries?: number | null | undefined;
  readonly mode?: string | null | undefined;
  readonly retryDelays?: ReadonlyArray<number> | null | undefined;
};

export type SecurityInput = {
  readonly ipWhitelist?: ReadonlyArray<string> | null | undefined;
  readonly rateLimiting?: RateLimitingInput | null | undefined;
  readonly signatureValidation?: boolean | null | undefined;
};

export type UpdateWebhookInput = {
  /** Replaces what is set */
  readonly delivery?: DeliveryLimitsInput | null | undefined;
  readonly events?: ReadonlyArray<string> | null | undefined;
  readonly status?: WebhookStatus | null | undefined;
  readonly url?: string | null | undefined;
};

export type WebhookStatus =
  | 'ACTIVE'
  | 'DISABLED';

export type AlertsQueryVariables = Exact<{
  active?: boolean | null | undefined;
}>;


export type AlertsQuery = { readonly alerts: ReadonlyArray<{ readonly id: string, readonly active: boolean, readonly rule: string, readonly title: string, readonly message: string, readonly severity: AlertSeverity, readonly subject: string, readonly clientId: string | null, readonly firedAt: string, readonly resolvedAt: string | null, readonly acknowledgedAt: string | null, readonly acknowledgedBy: string | null }> };

export type AcknowledgeAlertMutationVariables = Exact<{
  id: string;
}>;


export type AcknowledgeAlertMutation = { readonly acknowledgeAlert: { readonly id: string, readonly acknowledgedAt: string | null } };

export type AnalyticsQueryVariables = Exact<{
  period: Period;
  provider?: ProviderName | null | undefined;
  storeRef?: string | null | undefined;
}>;


export type AnalyticsQuery = { readonly analytics: { readonly orders: number, readonly accepted: number, readonly rejected: number, readonly cancelled: number, readonly acceptanceRate: number | null, readonly cancelRate: number | null, readonly timeToAcceptP50: number | null, readonly timeToAcceptP95: number | null, readonly revenue: ReadonlyArray<{ readonly amount: number, readonly currency: string }>, readonly series: ReadonlyArray<{ readonly at: string, readonly orders: number, readonly cancelled: number, readonly rejected: number, readonly revenue: ReadonlyArray<{ readonly amount: number, readonly currency: string }> }>, readonly platforms: ReadonlyArray<{ readonly provider: ProviderName, readonly orders: number, readonly acceptanceRate: number | null, readonly cancelRate: number | null, readonly timeToAcceptP50: number | null, readonly timeToAcceptP95: number | null, readonly revenue: ReadonlyArray<{ readonly amount: number, readonly currency: string }> }>, readonly stores: ReadonlyArray<{ readonly provider: ProviderName, readonly storeRef: string | null, readonly orders: number, readonly acceptanceRate: number | null, readonly cancelRate: number | null, readonly timeToAcceptP50: number | null, readonly timeToAcceptP95: number | null, readonly revenue: ReadonlyArray<{ readonly amount: number, readonly currency: string }> }> } };

export type ForecastQueryVariables = Exact<{
  hours: number;
  provider?: ProviderName | null | undefined;
  storeRef?: string | null | undefined;
}>;


export type ForecastQuery = { readonly forecast: { readonly hours: ReadonlyArray<{ readonly at: string, readonly expected: number, readonly low: number, readonly high: number }>, readonly anomalies: ReadonlyArray<{ readonly at: string, readonly actual: number, readonly expected: number, readonly kind: string }> } };

export type AuditLogQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { readonly auditLog: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly at: string, readonly action: string, readonly targetId: string, readonly clientId: string | null, readonly changes: unknown, readonly remoteAddress: string, readonly via: string, readonly actor: { readonly subject: string | null, readonly role: string, readonly client: string | null } } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type RegistrationFragment = { readonly id: string, readonly clientId: string, readonly provider: ProviderName, readonly profile: Profile, readonly url: string, readonly receiveUrl: string, readonly events: ReadonlyArray<string>, readonly status: WebhookStatus, readonly disabledReason: string | null, readonly createdAt: string, readonly updatedAt: string };

export type WebhooksQueryVariables = Exact<{
  clientId?: string | null | undefined;
  provider?: ProviderName | null | undefined;
}>;


export type WebhooksQuery = { readonly webhooks: ReadonlyArray<RegistrationFragment> };

export type RegisterWebhookMutationVariables = Exact<{
  input: RegisterWebhookInput;
}>;


export type RegisterWebhookMutation = { readonly registerWebhook: { readonly url: string, readonly secretKey: string, readonly apiKey: string | null, readonly signingSecret: string, readonly webhook: RegistrationFragment } };

export type ConfigurationFragment = { readonly clientId: string, readonly retryPolicy: { readonly maxRetries: number, readonly retryDelays: ReadonlyArray<number>, readonly exponentialBackoff: boolean }, readonly security: { readonly signatureValidation: boolean, readonly ipWhitelist: ReadonlyArray<string>, readonly rateLimiting: { readonly enabled: boolean, readonly maxRequests: number, readonly windowMs: number, readonly skipSuccessfulRequests: boolean, readonly skipFailedRequests: boolean } } };

export type ConfigQueryVariables = Exact<{
  clientId: string;
}>;


export type ConfigQuery = { readonly config: ConfigurationFragment };

export type UpdateConfigMutationVariables = Exact<{
  clientId: string;
  input: ClientConfigInput;
}>;


export type UpdateConfigMutation = { readonly updateConfig: ConfigurationFragment };

export type UpdateWebhookMutationVariables = Exact<{
  id: string;
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { readonly updateWebhook: RegistrationFragment };

export type DeleteWebhookMutationVariables = Exact<{
  id: string;
}>;


export type DeleteWebhookMutation = { readonly deleteWebhook: boolean };

export type SendTestEventMutationVariables = Exact<{
  webhookId: string;
}>;


export type SendTestEventMutation = { readonly sendTestEvent: { readonly id: string } };

export type RotateSecretMutationVariables = Exact<{
  webhookId: string;
}>;


export type RotateSecretMutation = { readonly rotateSecret: { readonly secretKey: string, readonly apiKey: string | null, readonly signingSecret: string, readonly previousValidUntil: string } };

export type DeadLettersQueryVariables = Exact<{
  filter?: DeadLetterFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DeadLettersQuery = { readonly deadLetters: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly log: LogRowFragment } }> } };

export type RedriveDeadLettersMutationVariables = Exact<{
  filter: DeadLetterFilter;
  dryRun?: boolean | null | undefined;
}>;


export type RedriveDeadLettersMutation = { readonly redriveDeadLetters: { readonly matched: number, readonly queued: number, readonly skipped: number, readonly hasMore: boolean } };

export type HealthQueryVariables = Exact<{ [key: string]: never; }>;


export type HealthQuery = { readonly health: { readonly status: string, readonly timestamp: string, readonly database: string, readonly nats: string, readonly webhookProcessing: string } };

export type RetryStatsQueryVariables = Exact<{ [key: string]: never; }>;


export type RetryStatsQuery = { readonly retryStats: { readonly scheduled: number, readonly overdue: number, readonly nextDueAt: string | null, readonly dead: number, readonly recovered: number } };

export type StatsQueryVariables = Exact<{
  provider?: ProviderName | null | undefined;
  clientId?: string | null | undefined;
  period: Period;
}>;


export type StatsQuery = { readonly stats: { readonly total: number, readonly successful: number, readonly failed: number, readonly pending: number, readonly avgResponseTime: number, readonly p50: number | null, readonly p95: number | null, readonly p99: number | null, readonly series: ReadonlyArray<{ readonly at: string, readonly total: number, readonly successful: number, readonly failed: number, readonly p50: number | null, readonly p95: number | null, readonly p99: number | null }>, readonly providers: ReadonlyArray<{ readonly provider: ProviderName, readonly total: number, readonly successful: number, readonly failed: number }> } };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { readonly providers: ReadonlyArray<{ readonly name: ProviderName, readonly title: string, readonly profiles: ReadonlyArray<{ readonly profile: Profile, readonly title: string }> }> };

export type MetricsQueryVariables = Exact<{ [key: string]: never; }>;


export type MetricsQuery = { readonly metrics: { readonly instances: number, readonly currentRPS: number, readonly avgResponseTime: number, readonly activeConnections: number, readonly queueDepth: number, readonly errorRate: number, readonly memoryUsage: number, readonly memoryBytes: number, readonly cpuUsage: number, readonly deliveriesPerSecond: number, readonly avgDeliveryTime: number, readonly deliveryErrorRate: number } };

export type MetricsHistoryQueryVariables = Exact<{
  minutes: number;
}>;


export type MetricsHistoryQuery = { readonly metricsHistory: ReadonlyArray<{ readonly at: string, readonly currentRPS: number, readonly errorRate: number, readonly deliveriesPerSecond: number, readonly deliveryErrorRate: number, readonly p50DeliveryTime: number | null, readonly p95DeliveryTime: number | null }> };

export type EventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  filter?: EventFilter | null | undefined;
}>;


export type EventsSubscription = { readonly events: { readonly cursor: string, readonly kind: LiveEventKind, readonly at: string, readonly eventId: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly webhookId: string | null, readonly attempt: number | null, readonly statusCode: number | null, readonly responseTime: number | null, readonly error: string | null } };

export type LogRowFragment = { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly timestamp: string, readonly responseTime: number | null, readonly duplicates: number, readonly error: string | null, readonly attempts: ReadonlyArray<{ readonly attempt: number, readonly statusCode: number | null, readonly result: string, readonly nextAttemptAt: string | null }> };

export type LogsQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type LogsQuery = { readonly logs: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: LogRowFragment }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type LogQueryVariables = Exact<{
  id: string;
}>;


export type LogQuery = { readonly log: { readonly id: string, readonly provider: ProviderName, readonly profile: Profile | null, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly timestamp: string, readonly responseTime: number | null, readonly duplicates: number, readonly error: string | null, readonly payload: unknown, readonly canonical: unknown, readonly attempts: ReadonlyArray<{ readonly webhookId: string, readonly url: string, readonly attempt: number, readonly trigger: string, readonly at: string, readonly statusCode: number | null, readonly responseTime: number, readonly response: string | null, readonly error: string | null, readonly result: string, readonly nextAttemptAt: string | null, readonly deadReason: string | null }> } | null };

export type RetryLogMutationVariables = Exact<{
  id: string;
}>;


export type RetryLogMutation = { readonly retryLog: { readonly logId: string, readonly message: string } };

export type MenusQueryVariables = Exact<{
  clientId?: string | null | undefined;
  provider?: ProviderName | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MenusQuery = { readonly menus: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly storeRef: string | null, readonly version: number, readonly updatedAt: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type MenuQueryVariables = Exact<{
  id: string;
}>;


export type MenuQuery = { readonly menu: { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly storeRef: string | null, readonly version: number, readonly updatedAt: string, readonly categories: ReadonlyArray<{ readonly externalId: string, readonly name: unknown }>, readonly items: ReadonlyArray<{ readonly externalId: string, readonly categoryIds: ReadonlyArray<string>, readonly name: unknown, readonly available: boolean | null, readonly unavailableUntil: string | null, readonly price: { readonly amount: number, readonly currency: string } | null }>, readonly versions: ReadonlyArray<{ readonly version: number, readonly eventId: string, readonly occurredAt: string, readonly outcome: string, readonly status: string | null, readonly errors: ReadonlyArray<string>, readonly added: ReadonlyArray<string>, readonly removed: ReadonlyArray<string>, readonly price: ReadonlyArray<{ readonly externalId: string, readonly from: { readonly amount: number, readonly currency: string } | null, readonly to: { readonly amount: number, readonly currency: string } | null }>, readonly availability: ReadonlyArray<{ readonly externalId: string, readonly available: boolean }> }> } | null };

export type OrdersQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrdersQuery = { readonly orders: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly externalId: string, readonly displayCode: string | null, readonly provider: ProviderName, readonly clientId: string, readonly status: OrderStatus, readonly placedAt: string, readonly acceptBy: string | null, readonly isTest: boolean, readonly note: string | null, readonly lines: ReadonlyArray<{ readonly n: number, readonly name: string | null, readonly quantity: number }>, readonly totals: { readonly grandTotal: { readonly amount: number, readonly currency: string } | null } } }> } };

export type ReplayFragment = { readonly id: string, readonly status: ReplayStatus, readonly dryRun: boolean, readonly total: number, readonly processed: number, readonly queued: number, readonly skipped: number, readonly ratePerSecond: number, readonly error: string | null };

export type ReplayMutationVariables = Exact<{
  filter: LogFilter;
  dryRun?: boolean | null | undefined;
  ratePerSecond?: number | null | undefined;
}>;


export type ReplayMutation = { readonly replay: ReplayFragment };

export type CancelReplayMutationVariables = Exact<{
  id: string;
}>;


export type CancelReplayMutation = { readonly cancelReplay: ReplayFragment };

export type ReplayJobQueryVariables = Exact<{
  id: string;
}>;


export type ReplayJobQuery = { readonly replayJob: ReplayFragment | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RegistrationFragmentDoc = new TypedDocumentString(`
    fragment Registration on Webhook {
  id
  clientId
  provider
  profile
  url
  receiveUrl
  events
  status
  disabledReason
  createdAt
  updatedAt
}
    `, {"fragmentName":"Registration"}) as unknown as TypedDocumentString<RegistrationFragment, unknown>;
export const ConfigurationFragmentDoc = new TypedDocumentString(`
    fragment Configuration on ClientConfig {
  clientId
  retryPolicy {
    maxRetries
    retryDelays
    exponentialBackoff
  }
  security {
    signatureValidation
    ipWhitelist
    rateLimiting {
      enabled
      maxRequests
      windowMs
      skipSuccessfulRequests
      skipFailedRequests
    }
  }
}
    `, {"fragmentName":"Configuration"}) as unknown as TypedDocumentString<ConfigurationFragment, unknown>;
export const LogRowFragmentDoc = new TypedDocumentString(`
    fragment LogRow on Log {
  id
  provider
  clientId
  event
  type
  status
  stage
  timestamp
  responseTime
  duplicates
  error
  attempts {
    attempt
    statusCode
    result
    nextAttemptAt
  }
}
    `, {"fragmentName":"LogRow"}) as unknown as TypedDocumentString<LogRowFragment, unknown>;
export const ReplayFragmentDoc = new TypedDocumentString(`
    fragment Replay on ReplayJob {
  id
  status
  dryRun
  total
  processed
  queued
  skipped
  ratePerSecond
  error
}
    `, {"fragmentName":"Replay"}) as unknown as TypedDocumentString<ReplayFragment, unknown>;
export const AlertsDocument = new TypedDocumentString(`
    query Alerts($active: Boolean) {
  alerts(active: $active) {
    id
    active
    rule
    title
    message
    severity
    subject
    clientId
    firedAt
    resolvedAt
    acknowledgedAt
    acknowledgedBy
  }
}
    `) as unknown as TypedDocumentString<AlertsQuery, AlertsQueryVariables>;
export const AcknowledgeAlertDocument = new TypedDocumentString(`
    mutation AcknowledgeAlert($id: ID!) {
  acknowledgeAlert(id: $id) {
    id
    acknowledgedAt
  }
}
    `) as unknown as TypedDocumentString<AcknowledgeAlertMutation, AcknowledgeAlertMutationVariables>;
export const AnalyticsDocument = new TypedDocumentString(`
    query Analytics($period: Period!, $provider: ProviderName, $storeRef: String) {
  analytics(period: $period, provider: $provider, storeRef: $storeRef) {
    orders
    accepted
    rejected
    cancelled
    acceptanceRate
    cancelRate
    timeToAcceptP50
    timeToAcceptP95
    revenue {
      amount
      currency
    }
    series {
      at
      orders
      cancelled
      rejected
      revenue {
        amount
        currency
      }
    }
    platforms {
      provider
      orders
      acceptanceRate
      cancelRate
      timeToAcceptP50
      timeToAcceptP95
      revenue {
        amount
        currency
      }
    }
    stores {
      provider
      storeRef
      orders
      acceptanceRate
      cancelRate
      timeToAcceptP50
      timeToAcceptP95
      revenue {
        amount
        currency
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AnalyticsQuery, AnalyticsQueryVariables>;
export const ForecastDocument = new TypedDocumentString(`
    query Forecast($hours: Int!, $provider: ProviderName, $storeRef: String) {
  forecast(hours: $hours, provider: $provider, storeRef: $storeRef) {
    hours {
      at
      expected
      low
      high
    }
    anomalies {
      at
      actual
      expected
      kind
    }
  }
}
    `) as unknown as TypedDocumentString<ForecastQuery, ForecastQueryVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($filter: AuditFilter, $first: Int, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    totalCount
    edges {
      node {
        id
        at
        actor {
          subject
          role
          client
        }
        action
        targetId
        clientId
        changes
        remoteAddress
        via
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks($clientId: ID, $provider: ProviderName) {
  webhooks(clientId: $clientId, provider: $provider) {
    ...Registration
  }
}
    fragment Registration on Webhook {
  id
  clientId
  provider
  profile
  url
  receiveUrl
  events
  status
  disabledReason
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const RegisterWebhookDocument = new TypedDocumentString(`
    mutation RegisterWebhook($input: RegisterWebhookInput!) {
  registerWebhook(input: $input) {
    url
    secretKey
    apiKey
    signingSecret
    webhook {
      ...Registration
    }
  }
}
    fragment Registration on Webhook {
  id
  clientId
  provider
  profile
  url
  receiveUrl
  events
  status
  disabledReason
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<RegisterWebhookMutation, RegisterWebhookMutationVariables>;
export const ConfigDocument = new TypedDocumentString(`
    query Config($clientId: ID!) {
  config(clientId: $clientId) {
    ...Configuration
  }
}
    fragment Configuration on ClientConfig {
  clientId
  retryPolicy {
    maxRetries
    retryDelays
    exponentialBackoff
  }
  security {
    signatureValidation
    ipWhitelist
    rateLimiting {
      enabled
      maxRequests
      windowMs
      skipSuccessfulRequests
      skipFailedRequests
    }
  }
}`) as unknown as TypedDocumentString<ConfigQuery, ConfigQueryVariables>;
export const UpdateConfigDocument = new TypedDocumentString(`
    mutation UpdateConfig($clientId: ID!, $input: ClientConfigInput!) {
  updateConfig(clientId: $clientId, input: $input) {
    ...Configuration
  }
}
    fragment Configuration on ClientConfig {
  clientId
  retryPolicy {
    maxRetries
    retryDelays
    exponentialBackoff
  }
  security {
    signatureValidation
    ipWhitelist
    rateLimiting {
      enabled
      maxRequests
      windowMs
      skipSuccessfulRequests
      skipFailedRequests
    }
  }
}`) as unknown as TypedDocumentString<UpdateConfigMutation, UpdateConfigMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($id: ID!, $input: UpdateWebhookInput!) {
  updateWebhook(id: $id, input: $input) {
    ...Registration
  }
}
    fragment Registration on Webhook {
  id
  clientId
  provider
  profile
  url
  receiveUrl
  events
  status
  disabledReason
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($id: ID!) {
  deleteWebhook(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const SendTestEventDocument = new TypedDocumentString(`
    mutation SendTestEvent($webhookId: ID!) {
  sendTestEvent(webhookId: $webhookId) {
    id
  }
}
    `) as unknown as TypedDocumentString<SendTestEventMutation, SendTestEventMutationVariables>;
export const RotateSecretDocument = new TypedDocumentString(`
    mutation RotateSecret($webhookId: ID!) {
  rotateSecret(webhookId: $webhookId) {
    secretKey
    apiKey
    signingSecret
    previousValidUntil
  }
}
    `) as unknown as TypedDocumentString<RotateSecretMutation, RotateSecretMutationVariables>;
export const DeadLettersDocument = new TypedDocumentString(`
    query DeadLetters($filter: DeadLetterFilter, $first: Int, $after: String) {
  deadLetters(filter: $filter, first: $first, after: $after) {
    totalCount
    edges {
      node {
        id
        log {
          ...LogRow
        }
      }
    }
  }
}
    fragment LogRow on Log {
  id
  provider
  clientId
  event
  type
  status
  stage
  timestamp
  responseTime
  duplicates
  error
  attempts {
    attempt
    statusCode
    result
    nextAttemptAt
  }
}`) as unknown as TypedDocumentString<DeadLettersQuery, DeadLettersQueryVariables>;
export const RedriveDeadLettersDocument = new TypedDocumentString(`
    mutation RedriveDeadLetters($filter: DeadLetterFilter!, $dryRun: Boolean) {
  redriveDeadLetters(filter: $filter, dryRun: $dryRun) {
    matched
    queued
    skipped
    hasMore
  }
}
    `) as unknown as TypedDocumentString<RedriveDeadLettersMutation, RedriveDeadLettersMutationVariables>;
export const HealthDocument = new TypedDocumentString(`
    query Health {
  health {
    status
    timestamp
    database
    nats
    webhookProcessing
  }
}
    `) as unknown as TypedDocumentString<HealthQuery, HealthQueryVariables>;
export const RetryStatsDocument = new TypedDocumentString(`
    query RetryStats {
  retryStats {
    scheduled
    overdue
    nextDueAt
    dead
    recovered
  }
}
    `) as unknown as TypedDocumentString<RetryStatsQuery, RetryStatsQueryVariables>;
export const StatsDocument = new TypedDocumentString(`
    query Stats($provider: ProviderName, $clientId: ID, $period: Period!) {
  stats(provider: $provider, clientId: $clientId, period: $period) {
    total
    successful
    failed
    pending
    avgResponseTime
    p50
    p95
    p99
    series {
      at
      total
      successful
      failed
      p50
      p95
      p99
    }
    providers {
      provider
      total
      successful
      failed
    }
  }
}
    `) as unknown as TypedDocumentString<StatsQuery, StatsQueryVariables>;
export const ProvidersDocument = new TypedDocumentString(`
    query Providers {
  providers {
    name
    title
    profiles {
      profile
      title
    }
  }
}
    `) as unknown as TypedDocumentString<ProvidersQuery, ProvidersQueryVariables>;
export const MetricsDocument = new TypedDocumentString(`
    query Metrics {
  metrics {
    instances
    currentRPS
    avgResponseTime
    activeConnections
    queueDepth
    errorRate
    memoryUsage
    memoryBytes
    cpuUsage
    deliveriesPerSecond
    avgDeliveryTime
    deliveryErrorRate
  }
}
    `) as unknown as TypedDocumentString<MetricsQuery, MetricsQueryVariables>;
export const MetricsHistoryDocument = new TypedDocumentString(`
    query MetricsHistory($minutes: Int!) {
  metricsHistory(minutes: $minutes) {
    at
    currentRPS
    errorRate
    deliveriesPerSecond
    deliveryErrorRate
    p50DeliveryTime
    p95DeliveryTime
  }
}
    `) as unknown as TypedDocumentString<MetricsHistoryQuery, MetricsHistoryQueryVariables>;
export const EventsDocument = new TypedDocumentString(`
    subscription Events($after: String, $filter: EventFilter) {
  events(after: $after, filter: $filter) {
    cursor
    kind
    at
    eventId
    provider
    clientId
    event
    type
    status
    stage
    webhookId
    attempt
    statusCode
    responseTime
    error
  }
}
    `) as unknown as TypedDocumentString<EventsSubscription, EventsSubscriptionVariables>;
export const LogsDocument = new TypedDocumentString(`
    query Logs($filter: LogFilter, $first: Int, $after: String) {
  logs(filter: $filter, first: $first, after: $after) {
    totalCount
    edges {
      cursor
      node {
        ...LogRow
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment LogRow on Log {
  id
  provider
  clientId
  event
  type
  status
  stage
  timestamp
  responseTime
  duplicates
  error
  attempts {
    attempt
    statusCode
    result
    nextAttemptAt
  }
}`) as unknown as TypedDocumentString<LogsQuery, LogsQueryVariables>;
export const LogDocument = new TypedDocumentString(`
    query Log($id: ID!) {
  log(id: $id) {
    id
    provider
    profile
    clientId
    event
    type
    status
    stage
    timestamp
    responseTime
    duplicates
    error
    payload
    canonical
    attempts {
      webhookId
      url
      attempt
      trigger
      at
      statusCode
      responseTime
      response
      error
      result
      nextAttemptAt
      deadReason
    }
  }
}
    `) as unknown as TypedDocumentString<LogQuery, LogQueryVariables>;
export const RetryLogDocument = new TypedDocumentString(`
    mutation RetryLog($id: ID!) {
  retryLog(id: $id) {
    logId
    message
  }
}
    `) as unknown as TypedDocumentString<RetryLogMutation, RetryLogMutationVariables>;
export const MenusDocument = new TypedDocumentString(`
    query Menus($clientId: ID, $provider: ProviderName, $first: Int, $after: String) {
  menus(clientId: $clientId, provider: $provider, first: $first, after: $after) {
    totalCount
    edges {
      node {
        id
        provider
        clientId
        storeRef
        version
        updatedAt
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<MenusQuery, MenusQueryVariables>;
export const MenuDocument = new TypedDocumentString(`
    query Menu($id: ID!) {
  menu(id: $id) {
    id
    provider
    clientId
    storeRef
    version
    updatedAt
    categories {
      externalId
      name
    }
    items {
      externalId
      categoryIds
      name
      price {
        amount
        currency
      }
      available
      unavailableUntil
    }
    versions {
      version
      eventId
      occurredAt
      outcome
      status
      errors
      added
      removed
      price {
        externalId
        from {
          amount
          currency
        }
        to {
          amount
          currency
        }
      }
      availability {
        externalId
        available
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MenuQuery, MenuQueryVariables>;
export const OrdersDocument = new TypedDocumentString(`
    query Orders($filter: OrderFilter, $first: Int, $after: String) {
  orders(filter: $filter, first: $first, after: $after) {
    totalCount
    edges {
      node {
        id
        externalId
        displayCode
        provider
        clientId
        status
        placedAt
        acceptBy
        isTest
        note
        lines {
          n
          name
          quantity
        }
        totals {
          grandTotal {
            amount
            currency
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OrdersQuery, OrdersQueryVariables>;
export const ReplayDocument = new TypedDocumentString(`
    mutation Replay($filter: LogFilter!, $dryRun: Boolean, $ratePerSecond: Int) {
  replay(filter: $filter, dryRun: $dryRun, ratePerSecond: $ratePerSecond) {
    ...Replay
  }
}
    fragment Replay on ReplayJob {
  id
  status
  dryRun
  total
  processed
  queued
  skipped
  ratePerSecond
  error
}`) as unknown as TypedDocumentString<ReplayMutation, ReplayMutationVariables>;
export const CancelReplayDocument = new TypedDocumentString(`
    mutation CancelReplay($id: ID!) {
  cancelReplay(id: $id) {
    ...Replay
  }
}
    fragment Replay on ReplayJob {
  id
  status
  dryRun
  total
  processed
  queued
  skipped
  ratePerSecond
  error
}`) as unknown as TypedDocumentString<CancelReplayMutation, CancelReplayMutationVariables>;
export const ReplayJobDocument = new TypedDocumentString(`
    query ReplayJob($id: ID!) {
  replayJob(id: $id) {
    ...Replay
  }
}
    fragment Replay on ReplayJob {
  id
  status
  dryRun
  total
  processed
  queued
  skipped
  ratePerSecond
  error
}`) as unknown as TypedDocumentString<ReplayJobQuery, ReplayJobQueryVariables>;