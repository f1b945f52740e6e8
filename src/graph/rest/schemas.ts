import { z } from 'zod'
import { rateLimitingSchema, retryPolicySchema, securitySchema } from '../../domain/client.js'
import { CLIENT_ID_PATTERN } from '../../domain/ids.js'
import { PROFILES } from '../../domain/provider.js'
import { isPeriod } from '../operations/read-stats.js'

/** What the REST API takes and answers, as OpenAPI describes it. The answers are made by shapes.ts; a test holds them to these. */

const time = z.iso.datetime().describe('RFC 3339, UTC, milliseconds')
const count = z.int().min(0)

const isoDate = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 date')
  .transform((text) => new Date(text).toISOString())
const wholeNumber = (name: string, min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,12}$/, `${name} must be a whole number`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
const scope = {
  provider: z.string().optional(),
  clientId: z.string().regex(CLIENT_ID_PATTERN, 'is not a client id').optional(),
}

export const logsQuerySchema = z.object({
  ...scope,
  status: z.enum(['success', 'failed', 'pending']).optional(),
  startDate: isoDate.optional(),
  endDate: isoDate.optional(),
  limit: wholeNumber('limit', 1, 100).prefault('20'),
  offset: wholeNumber('offset', 0, 1_000_000).prefault('0'),
})

export const statsQuerySchema = z.object({
  ...scope,
  period: z.string().refine(isPeriod, 'must be hour, day, week or month').prefault('day'),
})

export const registrationSchema = z
  .object({
    webhookId: z.string(),
    url: z.string().describe('Where the platform is to send'),
    secretKey: z.string().describe('What the platform proves itself with; shown only now'),
    status: z.enum(['active', 'disabled']),
    signingSecret: z.string().describe('Standard Webhooks secret of what we send; shown only now'),
    apiKey: z.string().optional().describe('Where the scheme has one beside the secret; shown only now'),
  })
  .meta({ id: 'Registration' })

const attemptSchema = z
  .object({
    webhookId: z.string(),
    url: z.string(),
    attempt: z.int().min(1),
    trigger: z.enum(['automatic', 'manual']),
    at: time,
    statusCode: z.int().nullable(),
    responseTime: z.number(),
    response: z.string().nullable(),
    error: z.string().nullable(),
    result: z.enum(['delivered', 'retrying', 'dead']),
    nextAttemptAt: time.nullable(),
    deadReason: z.string().nullable(),
  })
  .meta({ id: 'Attempt' })

export const logSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    clientId: z.string(),
    event: z.string().describe("The provider's own event name"),
    status: z.enum(['success', 'failed', 'pending']),
    responseTime: z.number().nullable().describe('Milliseconds of the last attempt'),
    timestamp: time,
    payload: z.unknown().describe('The body as sent; null for a rejected request'),
    response: z
      .object({ statusCode: z.int().nullable(), body: z.string().nullable() })
      .nullable()
      .describe("The endpoint's last answer"),
    stage: z.enum(['received', 'rejected', 'dispatched', 'delivering', 'retrying', 'delivered', 'dead']),
    type: z.string().nullable().describe('The canonical type, once dispatched'),
    error: z.string().nullable(),
    duplicates: count.describe('How often the platform sent it again'),
    attempts: z.array(attemptSchema),
  })
  .meta({ id: 'Log' })

export const logsSchema = z
  .object({ logs: z.array(logSchema), total: count, limit: z.int().min(1).max(100), offset: count })
  .meta({ id: 'Logs' })

export const statsSchema = z
  .looseObject({
    total: count.describe('successful + failed'),
    successful: count,
    failed: count,
    pending: count.describe('In flight'),
    avgResponseTime: z.number().min(0).describe('Milliseconds'),
    providers: z.record(z.string(), z.object({ total: count, successful: count, failed: count })),
    recentEvents: z.array(logSchema),
    period: z.enum(['hour', 'day', 'week', 'month']),
  })
  .meta({ id: 'Stats' })

export const retrySchema = z
  .object({ success: z.literal(true), message: z.string(), logId: z.string() })
  .meta({ id: 'Retry' })

export const retryStatsSchema = z
  .looseObject({
    scheduled: count.describe('Logs waiting for their next attempt'),
    overdue: count.describe('Of those, due more than a minute ago'),
    nextDueAt: time.nullable(),
    dead: count.describe('Logs given up'),
    recovered: count.describe('Logs delivered after more than one attempt'),
  })
  .meta({ id: 'RetryStats' })

export const configPatchSchema = z
  .object({
    retryPolicy: retryPolicySchema.partial().optional(),
    security: securitySchema.partial().extend({ rateLimiting: rateLimitingSchema.partial().optional() }).optional(),
  })
  .meta({ id: 'ConfigPatch' })

export const configSchema = z
  .object({
    clientId: z.string(),
    webhooks: z.array(
      z.object({
        id: z.string(),
        provider: z.string(),
        profile: z.enum(PROFILES),
        url: z.string(),
        events: z.array(z.string()),
        status: z.enum(['active', 'disabled']),
        disabledReason: z.string().nullable(),
        createdAt: time,
        updatedAt: time,
      }),
    ),
    retryPolicy: z.object(retryPolicySchema.shape),
    security: z.object({ ...securitySchema.shape, rateLimiting: z.object(rateLimitingSchema.shape) }),
  })
  .meta({ id: 'Config' })

export const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'Error' })

export const healthSchema = z
  .looseObject({
    status: z.enum(['ok', 'degraded', 'down']),
    timestamp: time,
    services: z.looseObject({
      database: z.enum(['up', 'down']),
      nats: z.enum(['up', 'down']),
      webhook_processing: z.enum(['up', 'down']),
    }),
  })
  .meta({ id: 'Health' })
