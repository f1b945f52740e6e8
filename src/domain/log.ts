import type { AttemptTrigger, DeadReason } from './delivery.js'
import type { CanonicalEvent } from './event.js'
import type { Profile, ProviderName } from './provider.js'

export type LogStatus = 'pending' | 'success' | 'failed'
export const LOG_STATUSES: readonly LogStatus[] = ['pending', 'success', 'failed']

/** The finer word beside the status. */
export type LogStage = 'received' | 'rejected' | 'dispatched' | 'delivering' | 'retrying' | 'delivered' | 'dead'

export type Attempt = {
  readonly webhookId: string
  readonly url: string
  readonly attempt: number
  readonly trigger: AttemptTrigger
  /** When its delivery was queued; older attempts lack it. */
  readonly queuedAt?: string | undefined
  readonly at: string
  readonly statusCode: number | null
  readonly responseTime: number
  readonly response: string | null
  readonly error: string | null
  readonly result: 'delivered' | 'retrying' | 'dead'
  readonly nextAttemptAt: string | null
  readonly deadReason: DeadReason | null
}

/** An event's record: what came, and what became of it. Times RFC 3339 UTC with ms, durations ms. */
export type Log = {
  readonly id: string
  readonly provider: ProviderName
  readonly clientId: string
  readonly profile: Profile | null
  /** The provider's own event name. */
  readonly event: string
  readonly status: LogStatus
  readonly stage: LogStage
  /** When it was received (the log's place in every list). */
  readonly timestamp: string
  /** The body as sent; null for a rejected request, whose body is not kept. */
  readonly payload: string | null
  /** Null until dispatched. */
  readonly canonical: CanonicalEvent | null
  /** Registrations it was handed to; null until dispatched. */
  readonly webhookIds: readonly string[] | null
  readonly attempts: readonly Attempt[]
  /** Of the last attempt; null before the first. */
  readonly responseTime: number | null
  /** The platform's resends, by their place in the stream (the first hundred): their count is what people are shown. */
  readonly resends: readonly number[]
  readonly error: string | null
}
