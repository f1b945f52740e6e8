import { SEVERITIES } from '../../domain/alert.js'
import type { Builder } from '../builder.js'
import { acknowledgeAlert, followAlerts, listAlerts } from '../operations/alerts.js'
import type { KnownAlert } from '../ports.js'

/** `alerts`, as a query and as a subscription, and `acknowledgeAlert`. */
export function defineAlerts(builder: Builder): void {
  const severity = builder.enumType('AlertSeverity', {
    values: Object.fromEntries(SEVERITIES.map((word) => [word.toUpperCase(), { value: word }])),
  })
  const alert = builder.objectRef<KnownAlert>('Alert').implement({
    description: 'Something an operator should know, from the moment its rule fired until it cleared',
    fields: (t) => ({
      id: t.id({ resolve: (known) => known.alert.id }),
      rule: t.string({ description: 'e.g. high_error_rate', resolve: (known) => known.alert.rule }),
      severity: t.field({ type: severity, resolve: (known) => known.alert.severity }),
      title: t.string({ resolve: (known) => known.alert.title }),
      message: t.string({ description: 'What is wrong, in a sentence', resolve: (known) => known.alert.message }),
      subject: t.string({
        description: 'A registration, a client, or a store on a platform; empty for the whole installation',
        resolve: (known) => known.alert.subject,
      }),
      clientId: t.id({ nullable: true, resolve: (known) => known.alert.clientId }),
      value: t.float({ description: 'What was measured when it fired', resolve: (known) => known.alert.value }),
      threshold: t.float({ resolve: (known) => known.alert.threshold }),
      active: t.boolean({ resolve: (known) => known.alert.resolvedAt === null }),
      firedAt: t.field({ type: 'DateTime', resolve: (known) => known.alert.firedAt }),
      resolvedAt: t.field({ type: 'DateTime', nullable: true, resolve: (known) => known.alert.resolvedAt }),
      acknowledgedAt: t.field({
        type: 'DateTime',
        nullable: true,
        resolve: ({ acknowledgement }) => acknowledgement?.at ?? null,
      }),
      acknowledgedBy: t.string({
        nullable: true,
        description: "The token's `sub`, else its role",
        resolve: ({ acknowledgement }) => acknowledgement?.by ?? null,
      }),
    }),
  })
  builder.queryFields((t) => ({
    alerts: t.field({
      type: [alert],
      description: 'Of the last thirty days, newest first, at most 500',
      args: { active: t.arg.boolean({ description: 'Only those that have not cleared, or only those that have' }) },
      resolve: (_, { active }, { viewer, ports }) => [...listAlerts(viewer, active ?? undefined, ports)],
    }),
  }))
  builder.subscriptionFields((t) => ({
    alerts: t.field({
      type: alert,
      description: 'Every alert that fires, clears or is acknowledged',
      subscribe: (_, __, { viewer, ports }) => followAlerts(viewer, ports),
      resolve: (known) => known,
    }),
  }))
  builder.mutationFields((t) => ({
    acknowledgeAlert: t.field({
      type: alert,
      description: 'Somebody has seen it: it stays, and says who',
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => acknowledgeAlert(viewer, String(id), ports),
    }),
  }))
}
