import type { Profile, ProviderName } from '../domain/provider.js'
import type { ProviderAdapter } from './adapter.js'
import { careemSpec } from './careem/spec.js'
import { deliverooSpec } from './deliveroo/spec.js'
import { jahezSpec } from './jahez/spec.js'
import { talabatSpec } from './talabat/spec.js'

/** Every provider orderwire speaks: one line each. */
export const BUILT_IN_ADAPTERS: readonly ProviderAdapter[] = [careemSpec, talabatSpec, deliverooSpec, jahezSpec]

/** The providers of an installation. */
export type ProviderRegistry = {
  readonly adapters: readonly ProviderAdapter[]
  /** In the registry's order, each once. */
  readonly names: readonly [ProviderName, ...ProviderName[]]
  has(name: string): boolean
  find(name: string, profile: Profile): ProviderAdapter | undefined
}

/** @param custom the providers defined in the installation's configuration; none may be called like a built-in one */
export function createProviderRegistry(custom: readonly ProviderAdapter[] = []): ProviderRegistry {
  const adapters = [...BUILT_IN_ADAPTERS, ...custom]
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
