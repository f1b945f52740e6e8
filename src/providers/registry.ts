import type { Profile, ProviderName } from '../domain/provider.js'
import type { ProviderAdapter } from './adapter.js'
import { careemLive } from './careem/live.js'
import { careemSpec } from './careem/spec.js'
import { deliverooLive } from './deliveroo/live.js'
import { deliverooSpec } from './deliveroo/spec.js'
import { deliveryHeroLive } from './delivery-hero/live.js'
import { doordashLive } from './doordash/live.js'
import { jahezLive } from './jahez/live.js'
import { jahezSpec } from './jahez/spec.js'
import { justEatLive } from './just-eat/live.js'
import { keetaLive } from './keeta/live.js'
import type { ProviderTable } from './table.js'
import { tableAdapter } from './table-adapter.js'
import { talabatLive } from './talabat/live.js'
import { talabatSpec } from './talabat/spec.js'
import { uberEatsLive } from './uber-eats/live.js'

/** Every provider orderwire speaks: one line each. */
export const BUILT_IN_TABLES: readonly ProviderTable[] = [
  careemSpec,
  careemLive,
  talabatSpec,
  talabatLive,
  deliverooSpec,
  deliverooLive,
  jahezSpec,
  jahezLive,
  uberEatsLive,
  doordashLive,
  deliveryHeroLive,
  justEatLive,
  keetaLive,
]

/** The providers of an installation. */
export type ProviderRegistry = {
  readonly adapters: readonly ProviderAdapter[]
  /** In the registry's order, each once. */
  readonly names: readonly [ProviderName, ...ProviderName[]]
  has(name: string): boolean
  find(name: string, profile: Profile): ProviderAdapter | undefined
}

/** @param custom the providers defined in the installation's configuration; none may be called like a built-in one */
export function createProviderRegistry(custom: readonly ProviderTable[] = []): ProviderRegistry {
  const adapters = [...BUILT_IN_TABLES, ...custom].map(tableAdapter)
  const byName = new Map<string, Partial<Record<Profile, ProviderAdapter>>>()
  for (const adapter of adapters) byName.set(adapter.name, { ...byName.get(adapter.name), [adapter.profile]: adapter })
  const [first = '', ...others] = byName.keys()
  return {
    adapters,
    names: [first, ...others],
    has: (name) => byName.has(name),
    find: (name, profile) => byName.get(name)?.[profile],
  }
}
