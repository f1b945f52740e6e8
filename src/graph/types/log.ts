import { orderIdIn } from '../../domain/event.js'
import type { Attempt, Log } from '../../domain/log.js'
import type { Builder, ObjectType } from '../builder.js'
import { pageOf } from '../cursor.js'
import { payloadJson } from '../json.js'
import { findLog, listLogs } from '../operations/list-logs.js'
import { retryLog } from '../operations/retry-log.js'
import { withoutNulls } from '../operations/without-nulls.js'
import type { LogFilter, OrderRecord } from '../ports.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'
import type { Enums } from './enums.js'

type Refs = {
  readonly enums: Enums
  readonly pageInfo: ReturnType<typeof definePageInfo>
  readonly order: ObjectType<OrderRecord>
}

/** Logs: the objects, `log`, `logs` and `retryLog`. */
export function defineLog(builder: Builder, { enums, pageInfo, order }: Refs) {
  const attempt = defineAttempt(builder)
  const log = builder.objectRef<Log>('Log').implement({
    description: "An event's record: what came, and what became of it",
    fields: (t) => ({
      id: t.exposeID('id'),
      provider: t.expose('provider', { type: enums.ProviderName }),
      clientId: t.exposeID('clientId'),
      profile: t.expose('profile', { type: enums.Profile, nullable: true }),
      event: t.exposeString('event', { description: "The provider's own event name" }),
      type: t.string({
        nullable: true,
        description: 'The canonical type, once dispatched',
        resolve: ({ canonical }) => canonical?.type ?? null,
      }),
      status: t.expose('status', { type: enums.LogStatus }),
      stage: t.expose('stage', { type: enums.LogStage }),
      timestamp: t.expose('timestamp', { type: 'DateTime' }),
      payload: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The body as sent; null for a rejected request',
        resolve: ({ payload }) => payloadJson(payload),
      }),
      canonical: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The canonical event, once dispatched',
        resolve: ({ canonical }) => canonical,
      }),
      order: t.field({
        type: order,
        nullable: true,
        description: 'The order it is about, as it stands now',
        resolve: ({ canonical }, _, { loaders }) => {
          const id = canonical === null ? null : orderIdIn(canonical)
          return id === null ? null : loaders.orders.load(id)
        },
      }),
      webhookIds: t.idList({
        nullable: true,
        description: 'Registrations it was handed to; null until dispatched',
        resolve: ({ webhookIds }) => (webhookIds === null ? null : [...webhookIds]),
      }),
      attempts: t.expose('attempts', { type: [attempt] }),
      responseTime: t.exposeInt('responseTime', { nullable: true, description: 'Milliseconds of the last attempt' }),
      duplicates: t.int({
        description: 'How often the platform sent it again',
        resolve: ({ resends }) => resends.length,
      }),
      error: t.exposeString('error', { nullable: true }),
    }),
  })
  const connection = defineConnection(builder, pageInfo, {
    name: 'Log',
    list: 'log',
    node: log,
    positionOf: (node) => ({ at: node.timestamp, id: node.id }),
  })
  const filter = builder.inputType('LogFilter', {
    fields: (t) => ({
      provider: t.field({ type: enums.ProviderName }),
      clientId: t.id(),
      status: t.field({ type: enums.LogStatus }),
      stage: t.field({ type: enums.LogStage }),
      event: t.string({ description: "The provider's own event name" }),
      type: t.string({ description: 'The canonical type, as in deliveries: order.created …' }),
      orderId: t.id(),
      search: t.string({
        description: "An id: of the log, or of its order (ours, the platform's, or the short code). Exact",
      }),
      startDate: t.field({ type: 'DateTime', description: 'Inclusive' }),
      endDate: t.field({ type: 'DateTime', description: 'Inclusive' }),
    }),
  })
  builder.queryFields((t) => ({
    log: t.field({
      type: log,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => findLog(viewer, id, ports.logs),
    }),
    logs: t.field({
      type: connection,
      description: 'Newest first',
      args: { filter: t.arg({ type: filter }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const page = pageOf('log', args)
        budget.charge(page.limit)
        const { total, ...listed } = await listLogs(viewer, logFilterOf(args.filter), page, ports.logs)
        return connectionOf(page, listed, total)
      },
    }),
  }))
  defineRetry(builder)
  return { log, logFilter: filter }
}

function defineAttempt(builder: Builder) {
  return builder.objectRef<Attempt>('Attempt').implement({
    description: 'One HTTP attempt of one delivery',
    fields: (t) => ({
      webhookId: t.exposeID('webhookId'),
      url: t.exposeString('url'),
      attempt: t.exposeInt('attempt', { description: '1 for the first' }),
      trigger: t.exposeString('trigger', { description: 'automatic, or manual (retryLog)' }),
      at: t.expose('at', { type: 'DateTime' }),
      statusCode: t.exposeInt('statusCode', { nullable: true, description: 'Null when no answer came' }),
      responseTime: t.exposeInt('responseTime', { description: 'Milliseconds' }),
      response: t.exposeString('response', { nullable: true, description: "The beginning of the endpoint's answer" }),
      error: t.exposeString('error', { nullable: true }),
      result: t.exposeString('result', { description: 'delivered, retrying or dead' }),
      nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true }),
      deadReason: t.exposeString('deadReason', { nullable: true }),
    }),
  })
}

function defineRetry(builder: Builder): void {
  const payload = builder.objectRef<Log>('RetryPayload').implement({
    fields: (t) => ({
      success: t.boolean({ resolve: () => true }),
      message: t.string({ resolve: () => 'Webhook retry initiated' }),
      logId: t.exposeID('id'),
    }),
  })
  builder.mutationFields((t) => ({
    retryLog: t.field({
      type: payload,
      description:
        'One more attempt of every undelivered delivery of an event. Asked twice before that attempt is made, it is one attempt',
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => retryLog(viewer, String(id), ports),
    }),
  }))
}

type GivenLogFilter = { readonly [name in keyof LogFilter]?: LogFilter[name] | null | undefined }

/** A filter as an argument gives it. */
export function logFilterOf(filter: GivenLogFilter | null | undefined): LogFilter {
  return withoutNulls<LogFilter>(filter ?? {})
}
