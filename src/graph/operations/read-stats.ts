import type { Log } from '../../domain/log.js'
import type { ProviderName } from '../../domain/provider.js'
import { scopeClient, type Viewer } from '../auth.js'
import type { GraphPorts, RetryStats, StatsCount } from '../ports.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How far back each period reaches, what its beginning is rounded down to, and the step of its series. */
export const PERIODS = {
  hour: { lengthMs: HOUR_MS, grain: 'minute', step: 'minute' },
  day: { lengthMs: 24 * HOUR_MS, grain: 'minute', step: 'hour' },
  week: { lengthMs: 7 * 24 * HOUR_MS, grain: 'hour', step: 'hour' },
  month: { lengthMs: 30 * 24 * HOUR_MS, grain: 'hour', step: 'day' },
} as const
export type PeriodName = keyof typeof PERIODS

export function isPeriod(text: string): text is PeriodName {
  return Object.hasOwn(PERIODS, text)
}

export type Stats = StatsCount & {
  readonly period: PeriodName
  /** The first moment that counts. */
  readonly since: string
  /** The newest ten. */
  recentEvents(): Promise<readonly Log[]>
}

export type StatsRequest = {
  readonly provider?: ProviderName | undefined
  readonly clientId?: string | undefined
  readonly period: PeriodName
}

const RECENT = 10

export async function readStats(
  viewer: Viewer,
  { provider, clientId, period }: StatsRequest,
  { stats, logs, now }: Pick<GraphPorts, 'stats' | 'logs' | 'now'>,
): Promise<Stats> {
  const client = scopeClient(viewer, clientId)
  const { lengthMs, grain, step } = PERIODS[period]
  const until = now()
  const grainMs = grain === 'minute' ? MINUTE_MS : HOUR_MS
  const since = new Date(Math.floor((until.getTime() - lengthMs) / grainMs) * grainMs).toISOString()
  const scope = { ...(provider && { provider }), ...(client !== undefined && { clientId: client }) }
  const counted = await stats.readStats({ ...scope, since, until: until.toISOString(), step, grain })
  const recentEvents = async () => (await logs.listLogs({ ...scope, startDate: since }, { limit: RECENT })).items
  return { ...counted, period, since, recentEvents }
}

export function readRetryStats(viewer: Viewer, ports: Pick<GraphPorts, 'retries' | 'now'>): Promise<RetryStats> {
  const clientId = scopeClient(viewer, undefined)
  return ports.retries.readRetryStats(clientId === undefined ? {} : { clientId }, ports.now().toISOString())
}
