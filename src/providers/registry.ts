import type { Profile, ProviderName } from '../domain/provider.js'
import type { ProviderAdapter } from './adapter.js'
import { careemSpec } from './careem/spec.js'
import { deliverooSpec } from './deliveroo/spec.js'
import { jahezSpec } from './jahez/spec.js'
import { talabatSpec } from './talabat/spec.js'

/** Every provider orderwire speaks: one line each. */
export const ADAPTERS: readonly ProviderAdapter[] = [careemSpec, talabatSpec, deliverooSpec, jahezSpec]

const byKey = new Map(ADAPTERS.map((adapter) => [`${adapter.name}:${adapter.profile}`, adapter]))

export function adapterFor(provider: ProviderName, profile: Profile): ProviderAdapter | undefined {
  return byKey.get(`${provider}:${profile}`)
}
