import type { z } from 'zod'
import type { ClientSettings } from '../../domain/client.js'
import { type Handler, type HttpRequest, type HttpResponse, json, type Route } from '../../http/http.js'
import type { Authenticate, Caller, Viewer } from '../auth.js'
import { API_ERRORS, ApiError } from '../errors.js'
import { findConfig, updateConfig } from '../operations/client-config.js'
import { listLogs } from '../operations/list-logs.js'
import { parseInput } from '../operations/parse-input.js'
import { type PeriodName, readRetryStats, readStats } from '../operations/read-stats.js'
import { registerWebhook } from '../operations/register-webhook.js'
import { retryLog } from '../operations/retry-log.js'
import type { GraphPorts, LogFilter } from '../ports.js'
import { docsPage } from './docs-page.js'
import { createOpenApi } from './openapi.js'
import { REST_OPERATIONS, type RestOperationId } from './operations.js'
import { logsQuerySchema, statsQuerySchema } from './schemas.js'
import { configShape, logShape, registrationShape, statsShape } from './shapes.js'
import { API_VERSIONS, versionHeaders } from './versions.js'

export type RestOptions = {
  readonly ports: GraphPorts
  readonly authenticate: Authenticate
  readonly baseUrl: string
  /** Settings a client starts with. */
  readonly defaults: ClientSettings
}

type Call = (viewer: Caller, request: HttpRequest) => Promise<unknown>

const MAX_BODY_BYTES = 256 * 1024

/** The specification's REST contract under each of its versions, and what describes it. */
export function restRoutes(options: RestOptions): readonly Route[] {
  const calls = createCalls(options)
  const served = API_VERSIONS.flatMap((version) =>
    REST_OPERATIONS.map(({ id, method, path, answer }) => ({
      method,
      pattern: `${version.base}/${path}`,
      maxBodyBytes: MAX_BODY_BYTES,
      handler: guarded(calls[id], { ...options, status: answer.status, headers: versionHeaders(version) }),
    })),
  )
  const document = createOpenApi({ providers: options.ports.providers.names })
  const open = { method: 'get', maxBodyBytes: 0 } as const
  const page = docsPage(document)
  return [
    ...served,
    { ...open, pattern: '/api/openapi.json', handler: () => json(200, document) },
    { ...open, pattern: '/api/docs', handler: () => page },
  ]
}

function createCalls({ ports, baseUrl, defaults }: RestOptions): Readonly<Record<RestOperationId, Call>> {
  return {
    registerWebhook: async (viewer, request) => {
      const idempotencyKey = request.header('idempotency-key')
      const input = withKey(bodyOf(request), idempotencyKey)
      return registrationShape(await registerWebhook(viewer, input, { ports, baseUrl, defaults }))
    },
    listLogs: (viewer, request) => answerLogs(viewer, request, ports),
    readStats: (viewer, request) => answerStats(viewer, request, ports),
    readRetryStats: (viewer) => readRetryStats(viewer, ports),
    retryLog: async (viewer, { params: [id = ''] }) => {
      const log = await retryLog(viewer, id, ports)
      return { success: true, message: 'Webhook retry initiated', logId: log.id }
    },
    readConfig: async (viewer, { params: [id = ''] }) => configShape(await findConfig(viewer, id, ports)),
    updateConfig: async (viewer, request) => {
      const [id = ''] = request.params
      return configShape(await updateConfig(viewer, id, bodyOf(request), ports))
    },
  }
}

/** The header's key counts where the body names none. */
function withKey(body: unknown, idempotencyKey: string | undefined): unknown {
  if (idempotencyKey === undefined || typeof body !== 'object' || body === null) return body
  return { idempotencyKey, ...body }
}

/** Authenticates, and turns expected failures into `{error:{code,message,details?}}`. */
function guarded(
  call: Call,
  options: { readonly authenticate: Authenticate; readonly status: number; readonly headers: HttpResponse['headers'] },
): Handler {
  const { authenticate, status: success, headers } = options
  return async (request) => {
    try {
      const viewer = await authenticate(request.header('authorization'))
      const answer = await call({ ...viewer, remoteAddress: request.remoteAddress, via: 'rest' }, request)
      return json(success, answer, headers)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { status, rest } = API_ERRORS[error.code]
      const { message, details } = error
      return json(status, { error: { code: rest, message, ...(details && { details }) } }, headers)
    }
  }
}

async function answerLogs(viewer: Viewer, request: HttpRequest, ports: GraphPorts): Promise<unknown> {
  const { limit, offset, ...given } = parseInput<z.output<typeof logsQuerySchema>>(logsQuerySchema, queryOf(request))
  // What the query did not name is not in the filter either.
  const filter: LogFilter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  requireKnown(filter.provider, ports)
  const page = await listLogs(viewer, filter, { limit, offset }, ports.logs)
  return { logs: page.items.map(logShape), total: await page.total(), limit, offset }
}

async function answerStats(viewer: Viewer, request: HttpRequest, ports: GraphPorts): Promise<unknown> {
  const { provider, clientId, period } = parseInput<z.output<typeof statsQuerySchema>>(
    statsQuerySchema,
    queryOf(request),
  )
  requireKnown(provider, ports)
  // The schema has checked that it is one.
  const stats = await readStats(viewer, { provider, clientId, period: period as PeriodName }, ports)
  return statsShape(stats, await stats.recentEvents())
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
