import type { Profile, ProviderName } from '../../src/domain/provider.js'
import type { ProviderAdapter } from '../../src/providers/adapter.js'
import { createProviderRegistry } from '../../src/providers/registry.js'

export const providers = createProviderRegistry()

export function adapterFor(name: ProviderName, profile: Profile): ProviderAdapter {
  const adapter = providers.find(name, profile)
  if (adapter === undefined) throw new Error(`no adapter for ${name} in profile ${profile}`)
  return adapter
}

/** The providers of the specification. */
export const SPEC_PROVIDERS = ['careem', 'talabat', 'deliveroo', 'jahez'] as const
export type SpecProvider = (typeof SPEC_PROVIDERS)[number]
