import type { Db, Filter, WithId } from 'mongodb'
import type { ReplayJob, ReplayStore } from '../graph/ports.js'
import { listPage } from './list-page.js'

/** The filter as text: what callers search for is not ours alone. */
type StoredReplay = Omit<ReplayJob, 'id' | 'createdAt' | 'filter'> & {
  readonly _id: string
  readonly createdAt: Date
  readonly filter: string
  /** Which process works on it, and until when it may take another for dead. */
  readonly holder: string | null
  readonly until: Date
}

/** What the one process that works on a job has done of it. */
export type ReplayProgress = Pick<ReplayJob, 'processed' | 'queued' | 'skipped' | 'position' | 'updatedAt'>
export type ReplayEnd = Pick<ReplayJob, 'status' | 'error' | 'updatedAt'>

/** Jobs for those who work on them. A job is one process's at a time; its lease runs out when that process dies. */
export type ReplayWork = {
  /** Takes a running job that nobody works on (or whose worker died) for `ttlMs`; null where there is none. */
  takeReplay(holder: string, ttlMs: number): Promise<ReplayJob | null>
  /** Writes what was done and goes on holding it; null when it is not ours or not running any more. */
  advanceReplay(id: string, holder: string, progress: ReplayProgress, ttlMs: number): Promise<ReplayJob | null>
  /** Ends a running job that is ours. */
  endReplay(id: string, holder: string, end: ReplayEnd): Promise<void>
  /** Lets another go on with it at once. */
  releaseReplay(id: string, holder: string): Promise<void>
}

export function createReplayStore(db: Db, now: () => Date): ReplayStore & ReplayWork {
  const replays = db.collection<StoredReplay>('replays')
  const later = (ttlMs: number): Date => new Date(now().getTime() + ttlMs)
  return {
    createReplay: async ({ id, createdAt, filter, ...job }) => {
      const stored = {
        ...job,
        createdAt: new Date(createdAt),
        filter: JSON.stringify(filter),
        holder: null,
        until: NEVER,
      }
      await replays.updateOne({ _id: id }, { $setOnInsert: stored }, { upsert: true })
      const found = await replays.findOne({ _id: id })
      if (found === null) throw new Error(`replay ${id} is gone as soon as it was written`)
      return fromStored(found)
    },
    findReplay: async (id) => {
      const found = await replays.findOne({ _id: id })
      return found === null ? null : fromStored(found)
    },
    listReplays: async (filter, page) => {
      const { items, hasMore } = await listPage(replays, toFilter(filter), page, 'createdAt')
      return { items: items.map(fromStored), hasMore }
    },
    countReplays: (filter) => replays.countDocuments(toFilter(filter)),
    cancelReplay: async (id, at) => {
      const end = { status: 'cancelled', finishedAt: at, updatedAt: at } as const
      await replays.updateOne({ _id: id, status: 'running' }, { $set: end })
      const found = await replays.findOne({ _id: id })
      return found === null ? null : fromStored(found)
    },
    takeReplay: async (holder, ttlMs) => {
      const taken = await replays.findOneAndUpdate(
        { status: 'running', until: { $lt: now() } },
        { $set: { holder, until: later(ttlMs) } },
        { sort: { createdAt: 1 }, returnDocument: 'after' },
      )
      return taken === null ? null : fromStored(taken)
    },
    advanceReplay: async (id, holder, progress, ttlMs) => {
      const advanced = await replays.findOneAndUpdate(
        { _id: id, holder, status: 'running' },
        { $set: { ...progress, until: later(ttlMs) } },
        { returnDocument: 'after' },
      )
      return advanced === null ? null : fromStored(advanced)
    },
    endReplay: async (id, holder, end) => {
      const { updatedAt: finishedAt } = end
      await replays.updateOne({ _id: id, holder, status: 'running' }, { $set: { ...end, finishedAt } })
    },
    releaseReplay: async (id, holder) => {
      await replays.updateOne({ _id: id, holder }, { $set: { holder: null, until: NEVER } })
    },
  }
}

const NEVER = new Date(0)

function toFilter({ clientId }: { readonly clientId?: string }): Filter<StoredReplay> {
  return clientId === undefined ? {} : { clientId }
}

function fromStored({ _id: id, createdAt, filter, holder: _, until: __, ...job }: WithId<StoredReplay>): ReplayJob {
  return { ...job, id, createdAt: createdAt.toISOString(), filter: JSON.parse(filter) }
}
