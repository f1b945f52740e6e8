import type { Profile, ProviderName } from '../../src/domain/provider.js'
import type { Platform } from './platform.js'
import { careemLivePlatform, careemSpecPlatform } from './platforms/careem.js'
import { deliverooLivePlatform, deliverooSpecPlatform } from './platforms/deliveroo.js'
import { deliveryHeroPlatform } from './platforms/delivery-hero.js'
import { doordashPlatform } from './platforms/doordash.js'
import { jahezLivePlatform, jahezSpecPlatform } from './platforms/jahez.js'
import { justEatPlatform } from './platforms/just-eat.js'
import { keetaPlatform } from './platforms/keeta.js'
import { talabatLivePlatform, talabatSpecPlatform } from './platforms/talabat.js'
import { uberEatsPlatform } from './platforms/uber-eats.js'

/** Every platform that can be simulated, in every profile it has. */
export const PLATFORMS: readonly Platform[] = [
  careemSpecPlatform,
  careemLivePlatform,
  talabatSpecPlatform,
  talabatLivePlatform,
  deliverooSpecPlatform,
  deliverooLivePlatform,
  jahezSpecPlatform,
  jahezLivePlatform,
  uberEatsPlatform,
  doordashPlatform,
  deliveryHeroPlatform,
  justEatPlatform,
  keetaPlatform,
]

/** @param profile the platform's first where left out: `spec` where it has one */
export function findPlatform(provider: ProviderName, profile?: Profile): Platform {
  const found = PLATFORMS.find(
    (each) => each.provider === provider && (profile === undefined || each.profile === profile),
  )
  if (found !== undefined) return found
  const known = PLATFORMS.map((each) => `${each.provider} (${each.profile})`).join(', ')
  const wanted = profile === undefined ? provider : `${provider} in profile ${profile}`
  throw Object.assign(new Error(`Nobody simulates ${wanted}. There are ${known}.`), { code: 'NO_PLATFORM' })
}
