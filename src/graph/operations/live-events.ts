import type { Fact } from '../../domain/activity.js'
import type { ProviderName } from '../../domain/provider.js'
import { scopeClient, type Viewer } from '../auth.js'
import { ApiError } from '../errors.js'
import { type ActivityRecord, CursorExpiredError, type GraphPorts } from '../ports.js'

export type EventFilter = {
  readonly provider?: ProviderName
  readonly clientId?: string
  readonly kind?: Fact['kind']
  readonly eventId?: string
}

/** What happens to the events a caller may see. */
export function liveEvents(
  viewer: Viewer,
  filter: EventFilter,
  after: string | undefined,
  ports: Pick<GraphPorts, 'activity'>,
): AsyncIterableIterator<ActivityRecord> {
  const clientId = scopeClient(viewer, filter.clientId)
  return followActivity(after, ports, (record) => {
    const { fact } = record
    const isWanted =
      (clientId === undefined || fact.clientId === clientId) &&
      (filter.provider === undefined || fact.provider === filter.provider) &&
      (filter.kind === undefined || fact.kind === filter.kind) &&
      (filter.eventId === undefined || fact.eventId === filter.eventId)
    return isWanted ? record : undefined
  })
}

/**
 * What `pick` makes of each live fact; undefined leaves it out. Returning the iterator (a socket that closes, a client
 * that completes) aborts the feed at once, even while it waits. Throws BAD_USER_INPUT on a cursor that is none.
 */
export function followActivity<T>(
  after: string | undefined,
  { activity }: Pick<GraphPorts, 'activity'>,
  pick: (record: ActivityRecord) => T | undefined,
): AsyncIterableIterator<T> {
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    throw new ApiError('BAD_USER_INPUT', 'The cursor is not of this subscription')
  const stopping = new AbortController()
  const feed = activity
    .subscribe({ ...(after !== undefined && { after }), signal: stopping.signal })
    [Symbol.asyncIterator]()
  return {
    next: async () => {
      for (;;) {
        const result = await feed.next().catch(refuseExpired)
        if (result.done === true) return { done: true, value: undefined }
        const picked = pick(result.value)
        if (picked !== undefined) return { done: false, value: picked }
      }
    },
    return: async () => {
      stopping.abort()
      await feed.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function refuseExpired(error: unknown): never {
  if (error instanceof CursorExpiredError) throw new ApiError('CURSOR_EXPIRED', error.message)
  throw error
}
