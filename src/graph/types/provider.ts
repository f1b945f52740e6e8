import type { EventType } from '../../domain/event.js'
import type { ProviderAdapter } from '../../providers/adapter.js'
import type { Builder } from '../builder.js'
import type { Enums } from './enums.js'

/** One platform with every profile it is spoken in. */
type Provider = { readonly name: string; readonly profiles: readonly [ProviderAdapter, ...ProviderAdapter[]] }
type ProviderEvent = { readonly name: string; readonly type: EventType | null }

/** `providers`. */
export function defineProvider(builder: Builder, enums: Enums): void {
  const event = builder.objectRef<ProviderEvent>('ProviderEvent').implement({
    fields: (t) => ({
      name: t.exposeString('name', { description: "The provider's own name: what a registration may ask for" }),
      type: t.exposeString('type', {
        nullable: true,
        description: 'What it means; null where its content decides',
      }),
    }),
  })
  const profile = builder.objectRef<ProviderAdapter>('ProviderProfile').implement({
    description: "spec: the specification's documented envelope and signatures; live: what the platform really sends",
    fields: (t) => ({
      profile: t.expose('profile', { type: enums.Profile }),
      title: t.exposeString('title'),
      confidence: t.exposeString('confidence', {
        description:
          'How sure we are of what it sends: A its own page was read, B implementations agree, C one does, G a guess',
      }),
      events: t.field({
        type: [event],
        resolve: ({ events }) => Object.entries(events).map(([name, type]) => ({ name, type })),
      }),
    }),
  })
  const provider = builder.objectRef<Provider>('Provider').implement({
    description: 'A platform this installation takes webhooks from',
    fields: (t) => ({
      name: t.expose('name', { type: enums.ProviderName }),
      title: t.string({ resolve: ({ profiles: [first] }) => first.title }),
      confidence: t.string({
        description: 'Of its first profile; each profile has its own',
        resolve: ({ profiles: [first] }) => first.confidence,
      }),
      events: t.stringList({
        description: "Every event name of every profile, the provider's own words",
        resolve: ({ profiles }) => [...new Set(profiles.flatMap(({ events }) => Object.keys(events)))],
      }),
      profiles: t.field({ type: [profile], resolve: ({ profiles }) => [...profiles] }),
    }),
  })
  builder.queryFields((t) => ({
    providers: t.field({
      type: [provider],
      resolve: (_, __, { ports: { providers } }) =>
        providers.names.flatMap((name) => {
          const [first, ...others] = providers.adapters.filter((adapter) => adapter.name === name)
          return first === undefined ? [] : [{ name, profiles: [first, ...others] as const }]
        }),
    }),
  }))
}
