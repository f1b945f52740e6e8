// Written by `npm run client` from schema.graphql and operations.graphql.
import type { Operation } from './client.js'
import type {
  EventsSubscription,
  EventsSubscriptionVariables,
  HealthQuery,
  HealthQueryVariables,
  LogQuery,
  LogQueryVariables,
  LogsQuery,
  LogsQueryVariables,
  OrdersQuery,
  OrdersQueryVariables,
  RegisterWebhookMutation,
  RegisterWebhookMutationVariables,
  RetryLogMutation,
  RetryLogMutationVariables,
  SendTestEventMutation,
  SendTestEventMutationVariables,
} from './generated.js'

export const health: Operation<HealthQuery, HealthQueryVariables> = {
  text: "query health { health { status timestamp database nats webhookProcessing } }",
}

export const logs: Operation<LogsQuery, LogsQueryVariables> = {
  text: "query logs($filter: LogFilter, $first: Int = 20, $after: String) { logs(filter: $filter, first: $first, after: $after) { totalCount edges { cursor node { ...LogFields } } pageInfo { hasNextPage endCursor } } } fragment LogFields on Log { id provider clientId event type status stage timestamp responseTime duplicates error }",
}

export const log: Operation<LogQuery, LogQueryVariables> = {
  text: "query log($id: ID!) { log(id: $id) { ...LogFields payload canonical attempts { webhookId url attempt trigger at statusCode responseTime response error result nextAttemptAt deadReason } } } fragment LogFields on Log { id provider clientId event type status stage timestamp responseTime duplicates error }",
}

export const orders: Operation<OrdersQuery, OrdersQueryVariables> = {
  text: "query orders($filter: OrderFilter, $first: Int = 20, $after: String) { orders(filter: $filter, first: $first, after: $after) { totalCount edges { cursor node { id provider clientId externalId displayCode status placedAt acceptBy revision lines { n name quantity total { amount currency } } totals { grandTotal { amount currency } } } } pageInfo { hasNextPage endCursor } } }",
}

export const registerWebhook: Operation<RegisterWebhookMutation, RegisterWebhookMutationVariables> = {
  text: "mutation registerWebhook($input: RegisterWebhookInput!) { registerWebhook(input: $input) { webhook { id status } url secretKey apiKey signingSecret } }",
}

export const sendTestEvent: Operation<SendTestEventMutation, SendTestEventMutationVariables> = {
  text: "mutation sendTestEvent($webhookId: ID!, $idempotencyKey: String) { sendTestEvent(webhookId: $webhookId, idempotencyKey: $idempotencyKey) { ...LogFields } } fragment LogFields on Log { id provider clientId event type status stage timestamp responseTime duplicates error }",
}

export const retryLog: Operation<RetryLogMutation, RetryLogMutationVariables> = {
  text: "mutation retryLog($id: ID!) { retryLog(id: $id) { success message logId } }",
}

export const events: Operation<EventsSubscription, EventsSubscriptionVariables> = {
  text: "subscription events($filter: EventFilter, $after: String) { events(filter: $filter, after: $after) { cursor kind at eventId provider clientId event type status stage webhookId attempt statusCode responseTime error body } }",
}
