import type { HttpResponse } from '../http/http.js'
import { json } from '../http/http.js'
import type { Accepted, PlatformAnswer } from '../providers/envelope.js'
import type { RateLimitState } from './rate-limit.js'

export type FieldError = { readonly path: string; readonly message: string }

/** Every answer ingress can give. */
export type ReceiveOutcome =
  | {
      readonly outcome: 'accepted'
      readonly accepted: Accepted
      /** The platform's own form, where it has one. */
      readonly answer: PlatformAnswer | undefined
    }
  | {
      readonly outcome: 'refused'
      readonly code: RefusalCode
      readonly message: string
      readonly details?: readonly FieldError[]
    }
  | { readonly outcome: 'rate-limited'; readonly limit: RateLimitState }
  /** Nothing was accepted; the platform tries again. */
  | { readonly outcome: 'unavailable'; readonly reason: string }

/** The contract's error table: code → status. */
export const REFUSAL_STATUS = {
  invalid_json: 400,
  invalid_payload: 400,
  missing_credentials: 401,
  invalid_signature: 401,
  stale_timestamp: 401,
  ip_not_allowed: 403,
  unknown_provider: 404,
  unknown_client: 404,
  unknown_path: 404,
  method_not_allowed: 405,
  timeout: 408,
  payload_too_large: 413,
  unsupported_media_type: 415,
} as const
export type RefusalCode = keyof typeof REFUSAL_STATUS

/** A platform that gets 503 should come back soon: the broker is usually away for seconds. */
const RETRY_AFTER_SECONDS = '5'

/** The HTTP status of an outcome. */
export function statusOf(outcome: ReceiveOutcome): number {
  switch (outcome.outcome) {
    case 'accepted':
      return outcome.answer?.status ?? 200
    case 'refused':
      return REFUSAL_STATUS[outcome.code]
    case 'rate-limited':
      return 429
    case 'unavailable':
      return 503
  }
}

/** The answer in the contract's form; the only place that writes ingress bodies. */
export function answerOf(outcome: ReceiveOutcome): HttpResponse {
  const status = statusOf(outcome)
  switch (outcome.outcome) {
    case 'accepted': {
      const { accepted, answer } = outcome
      const { eventId, processedAt, duplicate } = accepted
      if (answer !== undefined) return answer.json === undefined ? { status } : json(status, answer.json)
      return json(status, { success: true, eventId, processedAt, duplicate: duplicate || undefined })
    }
    case 'refused': {
      const headers = outcome.code === 'method_not_allowed' ? { allow: 'POST' } : undefined
      return failure(status, outcome.code, outcome.message, outcome.details, headers)
    }
    case 'rate-limited':
      return failure(status, 'rate_limited', 'Too many requests', undefined, rateLimitHeaders(outcome.limit))
    case 'unavailable':
      return failure(status, 'unavailable', 'The event could not be made durable; send it again', undefined, {
        'retry-after': RETRY_AFTER_SECONDS,
      })
  }
}

function failure(
  status: number,
  code: string,
  message: string,
  details?: readonly FieldError[],
  headers?: Record<string, string>,
): HttpResponse {
  return json(
    status,
    { success: false, error: { code, message, ...(details === undefined ? {} : { details }) } },
    headers,
  )
}

/** The IETF draft's headers; seconds, rounded up so that nobody comes back early. */
function rateLimitHeaders(limit: RateLimitState): Record<string, string> {
  const seconds = String(Math.max(1, Math.ceil(limit.resetMs / 1_000)))
  return {
    'retry-after': seconds,
    'ratelimit-limit': String(limit.max),
    'ratelimit-remaining': String(limit.remaining),
    'ratelimit-reset': seconds,
  }
}
