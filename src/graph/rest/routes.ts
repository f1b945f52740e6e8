import { z } from 'zod'
import type { ClientSettings } from '../../domain/client.js'
import { CLIENT_ID_PATTERN } from '../../domain/ids.js'
import { type Handler, type HttpRequest, type HttpResponse, json, type Route } from '../../http/http.js'
import type { Authenticate, Caller, Viewer } from '../auth.js'
import { API_ERRORS, ApiError } from '../errors.js'
import { findConfig, updateConfig } from '../operations/client-config.js'
import { listLogs } from '../operations/list-logs.js'
import { parseInput } from '../operations/parse-input.js'
import { isPeriod, type PeriodName, readRetryStats, readStats } from '../operations/read-stats.js'
import { registerWebhook } from '../operations/register-webhook.js'
import { retryLog } from '../operations/retry-log.js'
import type { GraphPorts, LogFilter } from '../ports.js'
import { configShape, logShape, registrationShape, statsShape } from './shapes.js'

export type RestOptions = {
  readonly ports: GraphPorts
  readonly authenticate: Authenticate
  readonly baseUrl: string
  /** Settings a client starts with. */
  readonly defaults: ClientSettings
}

type Call = (viewer: Caller, request: HttpRequest) => Promise<HttpResponse>

const MAX_BODY_BYTES = 256 * 1024

/** The specification's REST contract (section 3), each also under its versioned alias. */
export function restRoutes({ ports, authenticate, baseUrl, defaults }: RestOptions): readonly Route[] {
  const calls: readonly { readonly method: Route['method']; readonly path: string; readonly call: Call }[] = [
    {
      method: 'post',
      path: 'register',
      call: async (viewer, request) =>
        json(201, registrationShape(await registerWebhook(viewer, bodyOf(request), { ports, baseUrl, defaults }))),
    },
    { method: 'get', path: 'logs', call: (viewer, request) => answerLogs(viewer, request, ports) },
    { method: 'get', path: 'stats', call: (viewer, request) => answerStats(viewer, request, ports) },
    { method: 'get', path: 'retry/stats', call: async (viewer) => json(200, await readRetryStats(viewer, ports)) },
    {
      method: 'post',
      path: 'retry/:logId',
      call: async (viewer, { params: [id = ''] }) => {
        const log = await retryLog(viewer, id, ports)
        return json(200, { success: true, message: 'Webhook retry initiated', logId: log.id })
      },
    },
    {
      method: 'get',
      path: 'config/:clientId',
      call: async (viewer, { params: [id = ''] }) => json(200, configShape(await findConfig(viewer, id, ports))),
    },
    {
      method: 'put',
      path: 'config/:clientId',
      call: async (viewer, request) => {
        const [id = ''] = request.params
        return json(200, configShape(await updateConfig(viewer, id, bodyOf(request), ports)))
      },
    },
  ]
  return ['/api/webhooks', '/api/v1/webhooks'].flatMap((base) =>
    calls.map(({ method, path, call }) => ({
      method,
      pattern: `${base}/${path}`,
      maxBodyBytes: MAX_BODY_BYTES,
      handler: guarded(call, authenticate),
    })),
  )
}

/** Authenticates, and turns expected failures into `{error:{code,message,details?}}`. */
function guarded(call: Call, authenticate: Authenticate): Handler {
  return async (request) => {
    try {
      const viewer = await authenticate(request.header('authorization'))
      return await call({ ...viewer, remoteAddress: request.remoteAddress, via: 'rest' }, request)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { status, rest } = API_ERRORS[error.code]
      return json(status, {
        error: { code: rest, message: error.message, ...(error.details && { details: error.details }) },
      })
    }
  }
}

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
const logsQuery = z.object({
  ...scope,
  status: z.enum(['success', 'failed', 'pending']).optional(),
  startDate: isoDate.optional(),
  endDate: isoDate.optional(),
  limit: wholeNumber('limit', 1, 100).prefault('20'),
  offset: wholeNumber('offset', 0, 1_000_000).prefault('0'),
})
const statsQuery = z.object({
  ...scope,
  period: z.string().refine(isPeriod, 'must be hour, day, week or month').prefault('day'),
})

async function answerLogs(viewer: Viewer, request: HttpRequest, ports: GraphPorts): Promise<HttpResponse> {
  const { limit, offset, ...given } = parseInput<z.output<typeof logsQuery>>(logsQuery, queryOf(request))
  // What the query did not name is not in the filter either.
  const filter: LogFilter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  requireKnown(filter.provider, ports)
  const page = await listLogs(viewer, filter, { limit, offset }, ports.logs)
  return json(200, { logs: page.items.map(logShape), total: await page.total(), limit, offset })
}

async function answerStats(viewer: Viewer, request: HttpRequest, ports: GraphPorts): Promise<HttpResponse> {
  const { provider, clientId, period } = parseInput<z.output<typeof statsQuery>>(statsQuery, queryOf(request))
  requireKnown(provider, ports)
  // The schema has checked that it is one.
  const stats = await readStats(viewer, { provider, clientId, period: period as PeriodName }, ports)
  return json(200, statsShape(stats, await stats.recentEvents()))
}

function requireKnown(provider: string | undefined, { providers }: GraphPorts): void {
  if (provider !== undefined && !providers.has(provider))
    throw new ApiError('BAD_USER_INPUT', `provider must be one of ${providers.names.join(', ')}`)
}

function queryOf(request: HttpRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(request.query))
}

function bodyOf(request: HttpRequest): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body))
  } catch {
    // Neither JSON nor UTF-8: the caller is told which is wanted.
    throw new ApiError('BAD_USER_INPUT', 'The body must be JSON')
  }
}
