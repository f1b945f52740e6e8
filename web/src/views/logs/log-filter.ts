import type { LogFilter, LogStatus, ProviderName } from '../../api/generated'

export const STATUSES: readonly LogStatus[] = ['SUCCESS', 'PENDING', 'FAILED']
/** What of the address is a search of logs. */
export const LOG_PARAMETERS = ['search', 'status', 'provider', 'client', 'from', 'to'] as const

/** The search as the address states it; what it states wrongly is left out. */
export function filterOf(search: URLSearchParams): LogFilter {
  const status = STATUSES.find((each) => each === search.get('status'))
  const provider = search.get('provider')
  const client = search.get('client')?.trim()
  const wanted = search.get('search')?.trim()
  const [from, to] = [momentOf(search.get('from')), momentOf(search.get('to'))]
  return {
    ...(wanted && { search: wanted }),
    ...(status && { status }),
    // The server refuses a provider it does not know, and the view shows what it says.
    ...(provider && { provider: provider as ProviderName }),
    ...(client && { clientId: client }),
    ...(from && { startDate: from }),
    ...(to && { endDate: to }),
  }
}

function momentOf(local: string | null): string | undefined {
  if (!local) return undefined
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
