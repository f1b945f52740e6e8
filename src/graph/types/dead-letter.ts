import { DEAD_REASONS, type DeadReason } from '../../domain/delivery.js'
import type { DeadDelivery } from '../../domain/delivery-state.js'
import type { Log } from '../../domain/log.js'
import type { Builder, ObjectType } from '../builder.js'
import { pageOf } from '../cursor.js'
import { AGGREGATE_COST } from '../limits.js'
import {
  type Bulk,
  countUndelivered,
  type DeadLetter,
  listDeadLetters,
  redriveDeadLetters,
} from '../operations/dead-letters.js'
import { withoutNulls } from '../operations/without-nulls.js'
import type { DeadLetterFilter, UndeliveredCount } from '../ports.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'
import type { Enums } from './enums.js'

type Refs = {
  readonly enums: Enums
  readonly pageInfo: ReturnType<typeof definePageInfo>
  readonly log: ObjectType<Log>
}

/** `deadLetters`, `undelivered` and `redriveDeadLetters`. */
export function defineDeadLetter(builder: Builder, { enums, pageInfo, log }: Refs): void {
  const reasons = builder.enumType('DeadReason', {
    values: Object.fromEntries(DEAD_REASONS.map((reason) => [reason.toUpperCase(), { value: reason }])) as Record<
      string,
      { value: DeadReason }
    >,
  })
  const delivery = builder.objectRef<DeadDelivery>('DeadDelivery').implement({
    description: 'A delivery that was given up, with the last answer it got',
    fields: (t) => ({
      webhookId: t.exposeID('webhookId'),
      url: t.exposeString('url'),
      reason: t.expose('reason', { type: reasons }),
      at: t.expose('at', { type: 'DateTime' }),
      attempts: t.exposeInt('attempts', { description: 'Automatic and manual ones together' }),
      statusCode: t.exposeInt('statusCode', { nullable: true }),
      response: t.exposeString('response', { nullable: true, description: 'The beginning of the last answer' }),
      error: t.exposeString('error', { nullable: true }),
    }),
  })
  const deadLetter = builder.objectRef<DeadLetter>('DeadLetter').implement({
    description: 'An event with the deliveries of it that were given up',
    fields: (t) => ({
      id: t.id({ resolve: (node) => node.log.id }),
      log: t.field({ type: log, resolve: (node) => node.log }),
      deliveries: t.field({ type: [delivery], resolve: (node) => [...node.deliveries] }),
      ageSeconds: t.int({
        description: 'Since it was last given up',
        resolve: ({ deliveries }, _, { ports }) => {
          const newest = Math.max(...deliveries.map(({ at }) => Date.parse(at)))
          return Math.max(0, Math.floor((ports.now().getTime() - newest) / 1_000))
        },
      }),
    }),
  })
  const connection = defineConnection(builder, pageInfo, {
    name: 'DeadLetter',
    list: 'dead-letter',
    node: deadLetter,
    positionOf: (node) => ({ at: node.log.timestamp, id: node.log.id }),
  })
  const filter = builder.inputType('DeadLetterFilter', {
    fields: (t) => ({
      provider: t.field({ type: enums.ProviderName }),
      clientId: t.id(),
      webhookId: t.id(),
      reason: t.field({ type: reasons }),
      startDate: t.field({ type: 'DateTime' }),
      endDate: t.field({ type: 'DateTime' }),
    }),
  })
  const undelivered = builder.objectRef<UndeliveredCount>('Undelivered').implement({
    description: 'Deliveries that have not arrived',
    fields: (t) => ({ pending: t.exposeInt('pending'), dead: t.exposeInt('dead') }),
  })
  builder.queryFields((t) => ({
    deadLetters: t.field({
      type: connection,
      description: 'What was given up, newest first',
      args: { filter: t.arg({ type: filter }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const page = pageOf('dead-letter', args)
        budget.charge(page.limit)
        const wanted: DeadLetterFilter = withoutNulls(args.filter ?? {})
        const { total, ...listed } = await listDeadLetters(viewer, wanted, page, ports)
        return connectionOf(page, listed, total)
      },
    }),
    undelivered: t.field({
      type: undelivered,
      args: { clientId: t.arg.id() },
      resolve: (_, { clientId }, { viewer, ports, budget }) => {
        budget.charge(AGGREGATE_COST)
        return countUndelivered(viewer, clientId ?? undefined, ports)
      },
    }),
  }))
  const bulk = builder.objectRef<Bulk>('BulkPayload').implement({
    fields: (t) => ({
      dryRun: t.exposeBoolean('dryRun'),
      matched: t.exposeInt('matched', { description: 'Deliveries' }),
      queued: t.exposeInt('queued', {
        description: 'Of those, queued for one more attempt; with `dryRun`, that would be',
      }),
      skipped: t.exposeInt('skipped', { description: 'No payload kept, or nobody to send to' }),
      hasMore: t.exposeBoolean('hasMore', { description: 'More match than one call takes' }),
    }),
  })
  builder.mutationFields((t) => ({
    redriveDeadLetters: t.field({
      type: bulk,
      description: 'One more attempt of everything that was given up and matches, behind live traffic',
      args: { filter: t.arg({ type: filter, required: true }), dryRun: t.arg.boolean({ defaultValue: false }) },
      resolve: (_, args, { viewer, ports, budget }) => {
        budget.charge(AGGREGATE_COST)
        return redriveDeadLetters(viewer, withoutNulls(args.filter), args.dryRun ?? false, ports)
      },
    }),
  }))
}
