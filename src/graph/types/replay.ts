import type { Builder, ObjectType } from '../builder.js'
import { pageOf } from '../cursor.js'
import { AGGREGATE_COST } from '../limits.js'
import { cancelReplay, findReplay, followReplay, listReplays, startReplay } from '../operations/replay.js'
import type { LogFilter, ReplayJob } from '../ports.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'
import type { Enums } from './enums.js'
import { type defineLog, logFilterOf } from './log.js'

type Refs = {
  readonly enums: Enums
  readonly pageInfo: ReturnType<typeof definePageInfo>
  readonly logFilter: ReturnType<typeof defineLog>['logFilter']
}

/** `replay`, `cancelReplay`, `replayJob`, `replayJobs` and the subscription `replayProgress`. */
export function defineReplay(builder: Builder, { enums, pageInfo, logFilter }: Refs): void {
  const job = builder.objectRef<ReplayJob>('ReplayJob').implement({
    description: 'Sending many events to their registrations again, slowly, behind live traffic',
    fields: (t) => ({
      id: t.exposeID('id'),
      status: t.expose('status', { type: enums.ReplayStatus }),
      filter: t.field({ type: 'JSON', resolve: ({ filter }) => filter }),
      dryRun: t.exposeBoolean('dryRun', { description: 'Counted only; nothing is sent' }),
      ratePerSecond: t.exposeInt('ratePerSecond'),
      total: t.exposeInt('total', { description: 'Logs that matched when it was asked for' }),
      processed: t.exposeInt('processed', { description: 'Of those, looked at so far' }),
      queued: t.exposeInt('queued', { description: 'Deliveries put on the queue' }),
      skipped: t.exposeInt('skipped', { description: 'Logs with nothing kept, or nobody to send to' }),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
      finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
      error: t.exposeString('error', { nullable: true }),
    }),
  })
  const connection = defineConnection(builder, pageInfo, {
    name: 'ReplayJob',
    list: 'replay',
    node: job,
    positionOf: ({ createdAt, id }) => ({ at: createdAt, id }),
  })
  builder.queryFields((t) => ({
    replayJob: t.field({
      type: job,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => findReplay(viewer, id, ports),
    }),
    replayJobs: t.field({
      type: connection,
      description: 'Newest first',
      args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const page = pageOf('replay', args)
        budget.charge(page.limit)
        const { total, ...listed } = await listReplays(viewer, page, ports)
        return connectionOf(page, listed, total)
      },
    }),
  }))
  defineMutations(builder, job, logFilter)
  builder.subscriptionFields((t) => ({
    replayProgress: t.field({
      type: job,
      description: 'The job whenever it has moved, until it is over',
      args: { id: t.arg.id({ required: true }) },
      subscribe: (_, { id }, { viewer, ports }) => followReplay(viewer, id, ports),
      resolve: (found) => found,
    }),
  }))
}

function defineMutations(builder: Builder, job: ObjectType<ReplayJob>, logFilter: Refs['logFilter']): void {
  builder.mutationFields((t) => ({
    replay: t.field({
      type: job,
      description:
        'Sends every matching event to its registrations once more: one manual attempt each, behind live traffic. With `dryRun` it counts only',
      args: {
        filter: t.arg({ type: logFilter, required: true }),
        dryRun: t.arg.boolean({ defaultValue: false }),
        ratePerSecond: t.arg.int({ description: '1 to 1000; 20 unless told' }),
        idempotencyKey: t.arg.string({ description: 'The same key gives the same job' }),
      },
      resolve: (_, { filter, dryRun, ratePerSecond, idempotencyKey }, { viewer, ports, budget }) => {
        budget.charge(AGGREGATE_COST)
        const wanted: LogFilter = logFilterOf(filter)
        return startReplay(viewer, { filter: wanted, dryRun: dryRun ?? false, ratePerSecond, idempotencyKey }, ports)
      },
    }),
    cancelReplay: t.field({
      type: job,
      description: 'Ends a running job; one that is over is left as it is',
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => cancelReplay(viewer, id, ports),
    }),
  }))
}
