/**
 * A platform's name as it stands in URLs, subjects, logs and GraphQL: one of the registry's, which has the built-in ones
 * and those of the installation's own configuration.
 */
export type ProviderName = string

/** Letters, digits and hyphens: it becomes a URL segment, a subject token and a GraphQL enum value. */
export const PROVIDER_NAME_PATTERN: RegExp = /^[a-z][a-z0-9-]{0,31}$/

/** `spec`: the specification's documented envelope and signatures; `live`: what the platform really sends. */
export const PROFILES = ['spec', 'live'] as const
export type Profile = (typeof PROFILES)[number]

/** How a request proved who sent it; kept on the event so that an operator can tell. */
export const AUTH_KINDS = ['hmac', 'api_key', 'bearer', 'jwt'] as const
export type AuthKind = (typeof AUTH_KINDS)[number]
