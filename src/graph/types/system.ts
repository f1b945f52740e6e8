import type { Builder } from '../builder.js'
import type { HealthReport } from '../ports.js'

/** `health`. */
export function defineSystem(builder: Builder): void {
  const health = builder.objectRef<HealthReport>('Health').implement({
    fields: (t) => ({
      status: t.string({ description: 'ok, degraded or down', resolve: ({ status }) => status }),
      timestamp: t.expose('timestamp', { type: 'DateTime' }),
      database: t.string({ resolve: ({ services }) => services.database }),
      nats: t.string({ resolve: ({ services }) => services.nats }),
      webhookProcessing: t.string({ resolve: ({ services }) => services.webhook_processing }),
    }),
  })
  builder.queryFields((t) => ({
    health: t.field({ type: health, resolve: (_, __, { ports }) => ports.health() }),
  }))
}
