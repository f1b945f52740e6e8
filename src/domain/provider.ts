/** The platforms whose webhooks orderwire speaks, as they stand in URLs, subjects, logs and GraphQL. */
export const PROVIDER_NAMES = ['careem', 'talabat', 'deliveroo', 'jahez'] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]

/** `spec`: the specification's documented envelope and signatures; `live`: what the platform really sends. */
export type Profile = 'spec' | 'live'

/** How a request proved who sent it; kept on the event so that an operator can tell. */
export type AuthKind = 'hmac' | 'api_key' | 'bearer' | 'jwt'

export function isProviderName(text: string): text is ProviderName {
  return (PROVIDER_NAMES as readonly string[]).includes(text)
}
