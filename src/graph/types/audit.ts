import type { Builder } from '../builder.js'
import { pageOf } from '../cursor.js'
import { listAudit } from '../operations/audit.js'
import { withoutNulls } from '../operations/without-nulls.js'
import type { AuditFilter, AuditRecord } from '../ports.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'

/** `auditLog`. */
export function defineAudit(builder: Builder, pageInfo: ReturnType<typeof definePageInfo>): void {
  const actor = builder.objectRef<AuditRecord['actor']>('AuditActor').implement({
    fields: (t) => ({
      subject: t.exposeString('subject', { nullable: true, description: "The token's `sub`, where it names somebody" }),
      role: t.exposeString('role'),
      client: t.exposeID('client', { nullable: true, description: 'The client the token was limited to' }),
    }),
  })
  const record = builder.objectRef<AuditRecord>('AuditRecord').implement({
    description: 'Who changed what, when and from where',
    fields: (t) => ({
      id: t.exposeID('id'),
      at: t.expose('at', { type: 'DateTime' }),
      actor: t.expose('actor', { type: actor }),
      action: t.exposeString('action', { description: 'The mutation' }),
      targetId: t.exposeID('targetId', { description: 'The webhook, client, log or replay job' }),
      clientId: t.exposeID('clientId', { nullable: true }),
      changes: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Without secrets',
        resolve: ({ changes }) => changes,
      }),
      remoteAddress: t.exposeString('remoteAddress'),
      via: t.exposeString('via', { description: 'graphql, rest or socket' }),
    }),
  })
  const connection = defineConnection(builder, pageInfo, {
    name: 'Audit',
    list: 'audit',
    node: record,
    positionOf: ({ at, id }) => ({ at, id }),
  })
  const filter = builder.inputType('AuditFilter', {
    fields: (t) => ({ clientId: t.id(), action: t.string(), targetId: t.id() }),
  })
  builder.queryFields((t) => ({
    auditLog: t.field({
      type: connection,
      description: 'Newest first; admins only',
      args: { filter: t.arg({ type: filter }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, args, { viewer, ports, budget }) => {
        const page = pageOf('audit', args)
        budget.charge(page.limit)
        const { total, ...listed } = await listAudit(
          viewer,
          withoutNulls<AuditFilter>(args.filter ?? {}),
          page,
          ports.audit,
        )
        return connectionOf(page, listed, total)
      },
    }),
  }))
}
