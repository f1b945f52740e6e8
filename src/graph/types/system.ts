import type { Order } from '../../domain/order.js'
import type { ProviderAdapter } from '../../providers/adapter.js'
import { ownedBy } from '../auth.js'
import type { Builder } from '../builder.js'
import type { HealthReport } from '../ports.js'
import type { Enums } from './enums.js'

/** `health`, `providers` and `order`. */
export function defineSystem(builder: Builder, enums: Enums): void {
  const health = builder.objectRef<HealthReport>('Health').implement({
    fields: (t) => ({
      status: t.string({ description: 'ok, degraded or down', resolve: ({ status }) => status }),
      timestamp: t.expose('timestamp', { type: 'DateTime' }),
      database: t.string({ resolve: ({ services }) => services.database }),
      nats: t.string({ resolve: ({ services }) => services.nats }),
      webhookProcessing: t.string({ resolve: ({ services }) => services.webhook_processing }),
    }),
  })
  const provider = builder.objectRef<ProviderAdapter>('Provider').implement({
    fields: (t) => ({
      name: t.expose('name', { type: enums.ProviderName }),
      profile: t.expose('profile', { type: enums.Profile }),
      title: t.exposeString('title'),
      confidence: t.exposeString('confidence', {
        description:
          'How sure we are of what it sends: A its own page was read, B implementations agree, C one does, G a guess',
      }),
      events: t.stringList({ resolve: ({ events }) => Object.keys(events) }),
    }),
  })
  const order = builder.objectRef<Order>('Order').implement({
    description: 'One order in the canonical model; a later version types every field of `data`',
    fields: (t) => ({
      id: t.exposeID('id'),
      provider: t.expose('provider', { type: enums.ProviderName }),
      clientId: t.exposeID('clientId'),
      externalId: t.exposeString('externalId'),
      displayCode: t.exposeString('displayCode', { nullable: true }),
      status: t.string({ resolve: ({ status }) => status }),
      placedAt: t.expose('placedAt', { type: 'DateTime' }),
      acceptBy: t.expose('acceptBy', { type: 'DateTime', nullable: true }),
      revision: t.exposeInt('revision'),
      data: t.field({ type: 'JSON', resolve: (whole) => whole }),
    }),
  })
  builder.queryFields((t) => ({
    health: t.field({ type: health, resolve: (_, __, { ports }) => ports.health() }),
    providers: t.field({ type: [provider], resolve: (_, __, { ports }) => [...ports.providers.adapters] }),
    order: t.field({
      type: order,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_, { id }, { viewer, ports }) =>
        ownedBy(viewer, await ports.orders.findOrder(String(id)), 'order'),
    }),
  }))
}
