import type { z } from 'zod'
import type { ApiRole } from '../auth.js'
import { registerInputSchema } from '../operations/register-webhook.js'
import {
  configPatchSchema,
  configSchema,
  logsQuerySchema,
  logsSchema,
  registrationSchema,
  retrySchema,
  retryStatsSchema,
  statsQuerySchema,
  statsSchema,
} from './schemas.js'

export type RestOperation = {
  readonly id: string
  readonly method: 'get' | 'post' | 'put'
  /** Below a version's base; `:name` is a parameter. */
  readonly path: string
  readonly summary: string
  readonly role: ApiRole
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Whether `Idempotency-Key` counts. */
  readonly takesKey?: boolean
  readonly answer: { readonly status: number; readonly schema: z.ZodType; readonly description: string }
  /** Statuses beside those every operation may answer. */
  readonly errors: readonly number[]
}

/** The specification's REST contract (section 3): what is served, and what /api/openapi.json says of it. */
export const REST_OPERATIONS = [
  {
    id: 'registerWebhook',
    method: 'post',
    path: 'register',
    summary: 'Register where events of a provider for a client go',
    role: 'admin',
    body: registerInputSchema,
    takesKey: true,
    answer: { status: 201, schema: registrationSchema, description: 'Registered; its secrets are shown only now' },
    errors: [404, 409],
  },
  {
    id: 'listLogs',
    method: 'get',
    path: 'logs',
    summary: 'Webhook logs, newest first',
    role: 'viewer',
    query: logsQuerySchema,
    answer: { status: 200, schema: logsSchema, description: 'A page of logs' },
    errors: [404],
  },
  {
    id: 'readStats',
    method: 'get',
    path: 'stats',
    summary: 'Statistics of a period',
    role: 'viewer',
    query: statsQuerySchema,
    answer: { status: 200, schema: statsSchema, description: 'The statistics' },
    errors: [404],
  },
  {
    id: 'readRetryStats',
    method: 'get',
    path: 'retry/stats',
    summary: 'What waits for a retry, and what retries have come to',
    role: 'viewer',
    answer: { status: 200, schema: retryStatsSchema, description: 'The retries' },
    errors: [],
  },
  {
    id: 'retryLog',
    method: 'post',
    path: 'retry/:logId',
    summary: 'One more attempt of every undelivered delivery of an event',
    role: 'operator',
    answer: { status: 200, schema: retrySchema, description: 'Queued' },
    errors: [404, 409],
  },
  {
    id: 'readConfig',
    method: 'get',
    path: 'config/:clientId',
    summary: "A client's settings and registrations",
    role: 'viewer',
    answer: { status: 200, schema: configSchema, description: 'The whole configuration' },
    errors: [404],
  },
  {
    id: 'updateConfig',
    method: 'put',
    path: 'config/:clientId',
    summary: "Merge into a client's settings",
    role: 'admin',
    body: configPatchSchema,
    answer: { status: 200, schema: configSchema, description: 'The whole configuration, as it now is' },
    errors: [404, 409],
  },
] as const satisfies readonly RestOperation[]

export type RestOperationId = (typeof REST_OPERATIONS)[number]['id']
