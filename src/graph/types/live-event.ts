import type { Fact } from '../../domain/activity.js'
import type { Log, LogStage, LogStatus } from '../../domain/log.js'
import type { Builder, ObjectType } from '../builder.js'
import { type EventFilter, liveEvents } from '../operations/live-events.js'
import { withoutNulls } from '../operations/without-nulls.js'
import type { ActivityRecord } from '../ports.js'
import type { Enums } from './enums.js'

/** What a fact of each kind says about its event, for a live row that needs no database. */
function outcomeOf(fact: Fact): { readonly status: LogStatus; readonly stage: LogStage } {
  switch (fact.kind) {
    case 'dispatched':
      return fact.webhookIds.length === 0
        ? { status: 'success', stage: 'dispatched' }
        : { status: 'pending', stage: 'delivering' }
    case 'duplicate':
      return { status: 'success', stage: 'received' }
    case 'rejected':
      return { status: 'failed', stage: 'rejected' }
    case 'attempted':
      return ATTEMPT_OUTCOMES[fact.result]
  }
}

const ATTEMPT_OUTCOMES = {
  delivered: { status: 'success', stage: 'delivered' },
  retrying: { status: 'pending', stage: 'retrying' },
  dead: { status: 'failed', stage: 'dead' },
} as const

function errorOf(fact: Fact): string | null {
  if (fact.kind === 'rejected') return `${fact.code}: ${fact.message}`
  if (fact.kind !== 'attempted' || fact.result === 'delivered') return null
  return fact.response.error ?? `HTTP ${fact.response.statusCode}`
}

/** The subscription `events`. */
export function defineLiveEvent(builder: Builder, enums: Enums, log: ObjectType<Log>): void {
  const liveEvent = builder.objectRef<ActivityRecord>('LiveEvent').implement({
    description:
      'Something that became of an event. `cursor` names its place: subscribe again `after` it to miss nothing',
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      kind: t.field({ type: enums.LiveEventKind, resolve: ({ fact }) => fact.kind }),
      at: t.field({ type: 'DateTime', resolve: ({ fact }) => fact.at }),
      eventId: t.id({ resolve: ({ fact }) => fact.eventId }),
      provider: t.field({ type: enums.ProviderName, resolve: ({ fact }) => fact.provider }),
      clientId: t.id({ resolve: ({ fact }) => fact.clientId }),
      event: t.string({ resolve: ({ fact }) => fact.eventType }),
      type: t.string({ nullable: true, resolve: ({ fact }) => (fact.kind === 'dispatched' ? fact.event.type : null) }),
      status: t.field({ type: enums.LogStatus, resolve: ({ fact }) => outcomeOf(fact).status }),
      stage: t.field({ type: enums.LogStage, resolve: ({ fact }) => outcomeOf(fact).stage }),
      webhookId: t.id({ nullable: true, resolve: ({ fact }) => (fact.kind === 'attempted' ? fact.webhookId : null) }),
      attempt: t.int({ nullable: true, resolve: ({ fact }) => (fact.kind === 'attempted' ? fact.attempt : null) }),
      statusCode: t.int({ nullable: true, resolve: ({ fact }) => statusCodeOf(fact) }),
      responseTime: t.int({
        nullable: true,
        resolve: ({ fact }) => (fact.kind === 'attempted' ? fact.response.responseTimeMs : null),
      }),
      error: t.string({ nullable: true, resolve: ({ fact }) => errorOf(fact) }),
      body: t.string({
        nullable: true,
        description:
          'Of a DISPATCHED event: the body of its deliveries, as text, with the numbers as the platform wrote them',
        resolve: ({ fact }, _, { ports }) =>
          fact.kind === 'dispatched' ? ports.bodies.deliveryBody(fact.event) : null,
      }),
      log: t.field({
        type: log,
        nullable: true,
        description: 'The log as it stands now; null while the read model has not got there yet',
        resolve: ({ fact }, _, { loaders }) => loaders.logs.load(fact.eventId),
      }),
    }),
  })
  const filter = builder.inputType('EventFilter', {
    fields: (t) => ({
      provider: t.field({ type: enums.ProviderName }),
      clientId: t.id(),
      kind: t.field({ type: enums.LiveEventKind }),
      eventId: t.id(),
    }),
  })
  builder.subscriptionFields((t) => ({
    events: t.field({
      type: liveEvent,
      description: 'Live; with `after`, everything since that cursor first, without gap or duplicate',
      args: { filter: t.arg({ type: filter }), after: t.arg.string() },
      subscribe: (_, args, { viewer, ports }) =>
        liveEvents(viewer, withoutNulls<EventFilter>(args.filter ?? {}), args.after ?? undefined, ports),
      resolve: (record) => record,
    }),
  }))
}

function statusCodeOf(fact: Fact): number | null {
  if (fact.kind === 'attempted') return fact.response.statusCode
  return fact.kind === 'rejected' ? fact.statusCode : null
}
