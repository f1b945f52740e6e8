import type { Attempt, Log } from '../../domain/log.js'
import type { Builder, ObjectType } from '../builder.js'
import { checkPageSize, decodeCursor, encodeCursor } from '../cursor.js'
import { payloadJson } from '../json.js'
import { findLog, listLogs } from '../operations/list-logs.js'
import { retryLog } from '../operations/retry-log.js'
import type { LogFilter } from '../ports.js'
import type { Enums } from './enums.js'

type Connection = {
  readonly logs: readonly Log[]
  readonly hasMore: boolean
  total(): Promise<number>
  readonly hasPrevious: boolean
}

/** Logs: the objects, `log`, `logs` and `retryLog`. */
export function defineLog(builder: Builder, enums: Enums) {
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
      attempts: t.expose('attempts', { type: [attempt] }),
      responseTime: t.exposeInt('responseTime', { nullable: true, description: 'Milliseconds of the last attempt' }),
      duplicates: t.int({
        description: 'How often the platform sent it again',
        resolve: ({ resends }) => resends.length,
      }),
      error: t.exposeString('error', { nullable: true }),
    }),
  })
  const connection = defineConnection(builder, log)
  const filter = builder.inputType('LogFilter', {
    fields: (t) => ({
      provider: t.field({ type: enums.ProviderName }),
      clientId: t.id(),
      status: t.field({ type: enums.LogStatus }),
      startDate: t.field({ type: 'DateTime' }),
      endDate: t.field({ type: 'DateTime' }),
    }),
  })
  builder.queryFields((t) => ({
    log: t.field({
      type: log,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => findLog(viewer, String(id), ports.logs),
    }),
    logs: t.field({
      type: connection,
      description: 'Newest first',
      args: { filter: t.arg({ type: filter }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const limit = checkPageSize(args.first ?? 20)
        budget.charge(limit)
        const after = args.after ?? undefined
        const page = { limit, ...(after !== undefined && { after: decodeCursor(after) }) }
        return {
          ...(await listLogs(viewer, withoutNulls(args.filter ?? {}), page, ports.logs)),
          hasPrevious: after !== undefined,
        }
      },
    }),
  }))
  defineRetry(builder)
  return { log }
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

function defineConnection(builder: Builder, log: ObjectType<Log>) {
  const edge = builder.objectRef<Log>('LogEdge').implement({
    fields: (t) => ({
      cursor: t.string({ resolve: (node) => encodeCursor(node) }),
      node: t.field({ type: log, resolve: (node) => node }),
    }),
  })
  const pageInfo = builder.objectRef<Connection>('PageInfo').implement({
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasMore'),
      hasPreviousPage: t.exposeBoolean('hasPrevious'),
      startCursor: t.string({ nullable: true, resolve: ({ logs }) => cursorOf(logs[0]) }),
      endCursor: t.string({ nullable: true, resolve: ({ logs }) => cursorOf(logs.at(-1)) }),
    }),
  })
  return builder.objectRef<Connection>('LogConnection').implement({
    fields: (t) => ({
      totalCount: t.int({ resolve: ({ total }) => total() }),
      edges: t.field({ type: [edge], resolve: ({ logs }) => [...logs] }),
      pageInfo: t.field({ type: pageInfo, resolve: (connection) => connection }),
    }),
  })
}

function cursorOf(log: Log | undefined): string | null {
  return log === undefined ? null : encodeCursor(log)
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
      description: 'One more attempt of every undelivered delivery of an event',
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => retryLog(viewer, String(id), ports),
    }),
  }))
}

/** GraphQL says null where it was told nothing. */
function withoutNulls(filter: { readonly [name in keyof LogFilter]?: LogFilter[name] | null | undefined }): LogFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== undefined))
}
