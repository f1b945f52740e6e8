import type { ProviderName } from '../../domain/provider.js'
import { scopeClient, type Viewer } from '../auth.js'
import type { GraphPorts, RetryStats, StatsCount } from '../ports.js'

const HOUR_MS = 3_600_000

/** How far back each period reaches. */
export const PERIODS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const
export type PeriodName = keyof typeof PERIODS

export function isPeriod(text: string): text is PeriodName {
  return Object.hasOwn(PERIODS, text)
}

export type Stats = StatsCount & { readonly period: PeriodName }

export type StatsRequest = {
  readonly provider?: ProviderName | undefined
  readonly clientId?: string | undefined
  readonly period: PeriodName
}

export async function readStats(
  viewer: Viewer,
  { provider, clientId, period }: StatsRequest,
  ports: Pick<GraphPorts, 'stats' | 'now'>,
): Promise<Stats> {
  const client = scopeClient(viewer, clientId)
  const since = new Date(ports.now().getTime() - PERIODS[period]).toISOString()
  const counted = await ports.stats.readStats({
    since,
    ...(provider && { provider }),
    ...(client !== undefined && { clientId: client }),
  })
  return { ...counted, period }
}

export function readRetryStats(viewer: Viewer, ports: Pick<GraphPorts, 'retries' | 'now'>): Promise<RetryStats> {
  const clientId = scopeClient(viewer, undefined)
  return ports.retries.readRetryStats(clientId === undefined ? {} : { clientId }, ports.now().toISOString())
}
