import { z } from 'zod'
import type { Attempt, Log, LogStatus } from './log.js'
import type { ProviderName } from './provider.js'

/** JSON of one column; as text it stays below what a document of the database may hold. */
const MAX_JSON_LENGTH = 4 * 1024 * 1024

/** A row of `webhook_logs`, as `row_to_json` writes it (the specification, section 6.4). */
const rowSchema = z.object({
  id: z.uuid(),
  webhook_id: z.uuid().nullish(),
  provider: z.string().min(1),
  client_id: z.string().min(1).max(255),
  event_type: z.string().min(1).max(100),
  status: z.enum(['pending', 'success', 'failed']),
  response_time: z.int().nonnegative().nullish(),
  payload: z.json().nullish(),
  response: z.json().nullish(),
  error_message: z.string().nullish(),
  // TIMESTAMP has no zone: the earlier system's clock is UTC.
  created_at: z.string().regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?$/, 'is no time'),
})

export type EarlierLog =
  | { readonly outcome: 'log'; readonly log: Log }
  | { readonly outcome: 'rejected'; readonly reason: string }

/** What was `pending` is not finished here: the earlier system's retry queue does so, or nobody. */
const STAGES = { success: 'delivered', failed: 'dead', pending: 'dead' } as const
const UNFINISHED = 'It was still pending in the earlier system'

/** A log of one line of the earlier system's `webhook_logs`, or why it cannot be one. */
export function parseEarlierLog(line: string, isProvider: (name: string) => boolean): EarlierLog {
  const row = rowSchema.safeParse(jsonOf(line))
  if (!row.success) return { outcome: 'rejected', reason: sentenceOf(row.error) }
  const { id, provider, client_id: clientId, event_type: event, status, response_time: responseTime } = row.data
  if (!isProvider(provider)) return { outcome: 'rejected', reason: `provider: "${provider}" is none of ours` }
  const timestamp = timeOf(row.data.created_at)
  if (timestamp === null) return { outcome: 'rejected', reason: 'created_at: is no time' }
  const payload = textOf(row.data.payload)
  const response = textOf(row.data.response)
  if ((payload?.length ?? 0) + (response?.length ?? 0) > MAX_JSON_LENGTH)
    return { outcome: 'rejected', reason: `payload and response: together longer than ${MAX_JSON_LENGTH} characters` }
  const error = row.data.error_message ?? (status === 'pending' ? UNFINISHED : null)
  const webhookId = row.data.webhook_id ?? null
  return {
    outcome: 'log',
    log: {
      id,
      provider: provider as ProviderName,
      clientId,
      profile: null,
      event,
      status: finished(status),
      stage: STAGES[status],
      timestamp,
      payload,
      canonical: null,
      webhookIds: webhookId === null ? [] : [webhookId],
      attempts:
        response === null && responseTime == null
          ? []
          : [attemptOf({ webhookId, timestamp, response, error, responseTime: responseTime ?? 0, status })],
      responseTime: responseTime ?? null,
      resends: [],
      error,
    },
  }
}

function finished(status: LogStatus): LogStatus {
  return status === 'pending' ? 'failed' : status
}

function attemptOf(row: {
  readonly webhookId: string | null
  readonly timestamp: string
  readonly response: string | null
  readonly error: string | null
  readonly responseTime: number
  readonly status: LogStatus
}): Attempt {
  return {
    webhookId: row.webhookId ?? '',
    url: '',
    attempt: 1,
    trigger: 'automatic',
    at: row.timestamp,
    statusCode: null,
    responseTime: row.responseTime,
    response: row.response,
    error: row.error,
    result: row.status === 'success' ? 'delivered' : 'dead',
    nextAttemptAt: null,
    deadReason: null,
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function textOf(value: z.infer<typeof rowSchema>['payload']): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

/** RFC 3339 with milliseconds; null for a day that is none. */
function timeOf(text: string): string | null {
  const [, at = '', zone = 'Z'] = /^(.*?)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text.replace(' ', 'T')) ?? []
  const date = new Date(at + (/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone))
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

function sentenceOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? 'the line is no JSON object' : `${path.join('.')}: ${message}`))
    .join('; ')
}
