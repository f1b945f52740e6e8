// Written by `npm run client` from schema.graphql and operations.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type EventFilter = {
  readonly clientId?: string | number | null | undefined;
  readonly eventId?: string | number | null | undefined;
  readonly kind?: LiveEventKind | null | undefined;
  readonly provider?: ProviderName | null | undefined;
};

export type LiveEventKind =
  | 'ATTEMPTED'
  | 'DISPATCHED'
  | 'DUPLICATE'
  | 'REJECTED';

export type LogFilter = {
  readonly clientId?: string | number | null | undefined;
  /** Inclusive */
  readonly endDate?: string | null | undefined;
  /** The provider's own event name */
  readonly event?: string | null | undefined;
  readonly orderId?: string | number | null | undefined;
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
  readonly clientId?: string | number | null | undefined;
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

export type RegisterWebhookInput = {
  readonly clientId: string | number;
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

export type WebhookStatus =
  | 'ACTIVE'
  | 'DISABLED';

export type LogFieldsFragment = { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly timestamp: string, readonly responseTime: number | null, readonly duplicates: number, readonly error: string | null };

export type HealthQueryVariables = Exact<{ [key: string]: never; }>;


export type HealthQuery = { readonly health: { readonly status: string, readonly timestamp: string, readonly database: string, readonly nats: string, readonly webhookProcessing: string } };

export type LogsQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type LogsQuery = { readonly logs: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly timestamp: string, readonly responseTime: number | null, readonly duplicates: number, readonly error: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type LogQueryVariables = Exact<{
  id: string | number;
}>;


export type LogQuery = { readonly log: { readonly payload: unknown, readonly canonical: unknown, readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly timestamp: string, readonly responseTime: number | null, readonly duplicates: number, readonly error: string | null, readonly attempts: ReadonlyArray<{ readonly webhookId: string, readonly url: string, readonly attempt: number, readonly trigger: string, readonly at: string, readonly statusCode: number | null, readonly responseTime: number, readonly response: string | null, readonly error: string | null, readonly result: string, readonly nextAttemptAt: string | null, readonly deadReason: string | null }> } | null };

export type OrdersQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrdersQuery = { readonly orders: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly externalId: string, readonly displayCode: string | null, readonly status: OrderStatus, readonly placedAt: string, readonly acceptBy: string | null, readonly revision: number, readonly lines: ReadonlyArray<{ readonly n: number, readonly name: string | null, readonly quantity: number, readonly total: { readonly amount: number, readonly currency: string } | null }>, readonly totals: { readonly grandTotal: { readonly amount: number, readonly currency: string } | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type RegisterWebhookMutationVariables = Exact<{
  input: RegisterWebhookInput;
}>;


export type RegisterWebhookMutation = { readonly registerWebhook: { readonly url: string, readonly secretKey: string, readonly apiKey: string | null, readonly signingSecret: string, readonly webhook: { readonly id: string, readonly status: WebhookStatus } } };

export type SendTestEventMutationVariables = Exact<{
  webhookId: string | number;
  idempotencyKey?: string | null | undefined;
}>;


export type SendTestEventMutation = { readonly sendTestEvent: { readonly id: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly timestamp: string, readonly responseTime: number | null, readonly duplicates: number, readonly error: string | null } };

export type RetryLogMutationVariables = Exact<{
  id: string | number;
}>;


export type RetryLogMutation = { readonly retryLog: { readonly success: boolean, readonly message: string, readonly logId: string } };

export type EventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type EventsSubscription = { readonly events: { readonly cursor: string, readonly kind: LiveEventKind, readonly at: string, readonly eventId: string, readonly provider: ProviderName, readonly clientId: string, readonly event: string, readonly type: string | null, readonly status: LogStatus, readonly stage: LogStage, readonly webhookId: string | null, readonly attempt: number | null, readonly statusCode: number | null, readonly responseTime: number | null, readonly error: string | null, readonly body: string | null } };
