import { z } from 'zod'
import type { Profile, ProviderName } from './provider.js'

/**
 * Delay before retry k (1…maxRetries) is `retryDelays[k-1]`; past the list its last entry, doubled each further time
 * when `exponentialBackoff`, at most one hour. Defaults are the specification's (section 3.4).
 */
export const retryPolicySchema = z.strictObject({
  /** `deadline`: an order with an `acceptBy` is tried until then by DEADLINE_DELAYS_MS (src/domain/retry.ts), others by the list. */
  mode: z.enum(['fixed', 'deadline']).default('fixed'),
  maxRetries: z.int().min(0).max(50).default(3),
  retryDelays: z.array(z.int().min(0).max(3_600_000)).min(1).max(50).default([1_000, 5_000, 10_000]),
  exponentialBackoff: z.boolean().default(true),
})
export type RetryPolicy = z.infer<typeof retryPolicySchema>

/** What one endpoint may be asked at most, over all processes. */
export const deliveryLimitsSchema = z.strictObject({
  /** From the start of an attempt to the end of its answer; null: WEBHOOK_TIMEOUT. */
  timeoutMs: z.int().min(100).max(120_000).nullable().default(null),
  /** Attempts under way at once. */
  concurrency: z.int().min(1).max(256).default(16),
  /** Attempts a second; null: no bound. */
  ratePerSecond: z.number().min(0.1).max(10_000).nullable().default(null),
})
export type DeliveryLimits = z.infer<typeof deliveryLimitsSchema>
export const DEFAULT_DELIVERY_LIMITS: DeliveryLimits = deliveryLimitsSchema.parse({})

export const rateLimitingSchema = z.strictObject({
  enabled: z.boolean().default(true),
  maxRequests: z.int().min(1).max(1_000_000).default(1_000),
  windowMs: z.int().min(100).max(86_400_000).default(60_000),
  /** Requests answered 2xx do not count. */
  skipSuccessfulRequests: z.boolean().default(false),
  /** Requests answered 4xx or 5xx do not count. */
  skipFailedRequests: z.boolean().default(false),
})
export type RateLimiting = z.infer<typeof rateLimitingSchema>

const ipOrCidr = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an IP address or a CIDR block',
})

export const securitySchema = z.strictObject({
  /**
   * `false` skips the signature only where another credential of the same provider still proves the sender
   * (Careem's bearer key); a provider whose signature is its only credential is always verified.
   */
  signatureValidation: z.boolean().default(true),
  /** Addresses the client's platforms may send from; empty means any. */
  ipWhitelist: z.array(ipOrCidr).max(1_000).default([]),
  rateLimiting: rateLimitingSchema.prefault({}),
})
export type Security = z.infer<typeof securitySchema>

/** What a client has configured, without its registrations. */
export const clientSettingsSchema = z.strictObject({
  retryPolicy: retryPolicySchema.prefault({}),
  security: securitySchema.prefault({}),
})
export type ClientSettings = z.infer<typeof clientSettingsSchema>

/** What the platform must present, in clear; only ever in memory. `apiKey` exists where the scheme has one beside the secret. */
export type InboundCredentials = { readonly secretKey: string; readonly apiKey?: string }

/** OAuth 2.0 client credentials at the platform's own API: for events that only name the order. */
export type PlatformApiCredentials = { readonly clientId: string; readonly clientSecret: string }

/** A registration: events of one provider for one client go to `url`. Secrets in clear: never logged, never returned after creation. */
export type Webhook = {
  readonly id: string
  readonly clientId: string
  readonly provider: ProviderName
  readonly profile: Profile
  readonly url: string
  /** Provider event names or canonical types; `*` is all. */
  readonly events: readonly string[]
  readonly status: 'active' | 'disabled'
  readonly disabledReason: string | null
  readonly credentials: InboundCredentials
  readonly platformApi?: PlatformApiCredentials
  /** Standard Webhooks secret (`whsec_` + base64) of what we send. */
  readonly signingSecret: string
  readonly delivery?: DeliveryLimits
  /** What was in force before the last rotation, and is still taken, and signed with too, until `validUntil`. */
  readonly previous?: {
    readonly credentials: InboundCredentials
    readonly signingSecret: string
    readonly validUntil: string
    /** Of the idempotency key the rotation was asked for with: asked again, it is this rotation. */
    readonly rotationId?: string
  }
  readonly createdAt: string
  readonly updatedAt: string
}

/** One client with all it has registered: the unit that is versioned, distributed and replaced whole. */
export type Client = {
  readonly clientId: string
  readonly version: number
  readonly settings: ClientSettings
  readonly webhooks: readonly Webhook[]
}
