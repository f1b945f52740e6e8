import { setTimeout as wait } from 'node:timers/promises'
import { groupBy } from './group-by.js'
import type { Receipt, World } from './world.js'

/** What was answered 200. */
export type Accepted = { readonly eventId: string; readonly at: number }

export type Reconciled = {
  readonly accepted: number
  readonly delivered: number
  readonly dead: Readonly<Record<string, number>>
  readonly queued: number
  /** Accepted, and none of the above. */
  readonly lost: readonly string[]
  readonly receipts: number
  /** Answered 200 more than once. */
  readonly duplicates: number
  /** One order's event under two ids. */
  readonly changedIds: number
  /** A revision that first came after a higher one. */
  readonly outOfOrder: number
  /** Each time a revision came again after a higher one: everything the receiver got of the order, in order. */
  readonly repeatsAfterNewer: readonly string[]
  readonly attemptsBeyondPolicy: number
}

type LogRow = {
  readonly id: string
  readonly stage: string
  readonly attempts: readonly { readonly deadReason: string | null }[]
}

const SETTLE_MS = 120_000

/** Waits for everything to come to rest, then compares what was promised with what the receiver and the logs have. */
export async function reconcile(world: World, accepted: readonly Accepted[], maxAttempts: number): Promise<Reconciled> {
  const ids = new Set(accepted.map(({ eventId }) => eventId))
  const deadline = Date.now() + SETTLE_MS
  let logs = new Map<string, LogRow>()
  for (;;) {
    logs = await readLogs(world).catch(() => new Map())
    const open = [...ids].filter((id) => !['DELIVERED', 'DEAD'].includes(logs.get(id)?.stage ?? ''))
    if (open.length === 0 || Date.now() > deadline) break
    await wait(1_000)
  }
  const receipts = world.receipts()
  const arrived = new Set(receipts.filter(({ status }) => status === 200).map(({ id }) => id))
  const dead: Record<string, number> = {}
  let delivered = 0
  let queued = 0
  const lost: string[] = []
  for (const id of ids) {
    const log = logs.get(id)
    if (arrived.has(id)) delivered += 1
    else if (log?.stage === 'DEAD') {
      const reason = log.attempts.at(-1)?.deadReason ?? 'unknown'
      dead[reason] = (dead[reason] ?? 0) + 1
    } else if (log !== undefined && log.stage !== 'DELIVERED') queued += 1
    else lost.push(id)
  }
  return {
    accepted: ids.size,
    delivered,
    dead,
    queued,
    lost,
    receipts: receipts.length,
    ...judge(receipts, maxAttempts),
  }
}

function judge(receipts: readonly Receipt[], maxAttempts: number) {
  const taken = receipts.filter(({ status }) => status === 200)
  const byOrder = groupBy(receipts, ({ path, order }) => `${path} ${order}`)
  let outOfOrder = 0
  let changedIds = 0
  const repeatsAfterNewer: string[] = []
  for (const [name, list] of byOrder) {
    let highest = 0
    const known = new Map<number, string>()
    for (const { revision, id } of list) {
      const isNew = !known.has(revision)
      if (revision < highest && isNew) outOfOrder += 1
      if (revision < highest && !isNew) repeatsAfterNewer.push(`${name}: ${list.map(describe).join(', ')}`)
      if (!isNew && known.get(revision) !== id) changedIds += 1
      known.set(revision, id)
      highest = Math.max(highest, revision)
    }
  }
  return {
    duplicates: taken.length - new Set(taken.map(({ id, path }) => `${path} ${id}`)).size,
    changedIds,
    outOfOrder,
    repeatsAfterNewer,
    attemptsBeyondPolicy: receipts.filter(({ attempt }) => attempt > maxAttempts).length,
  }
}

function describe({ revision, attempt, status, at }: Receipt): string {
  return `${revision} (attempt ${attempt}, ${status}, ${new Date(at).toISOString().slice(11, 23)})`
}

type LogPage = {
  readonly data: {
    readonly logs: {
      readonly edges: readonly { readonly node: LogRow }[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    }
  }
}

async function readLogs(world: World): Promise<Map<string, LogRow>> {
  const rows = new Map<string, LogRow>()
  const query =
    'query ($after: String) { logs(first: 100, after: $after) { edges { node { id stage attempts { deadReason } } } pageInfo { hasNextPage endCursor } } }'
  for (let after: string | null = null; ; ) {
    const page: LogPage = await world.call<LogPage>('POST', '/graphql', { query, variables: { after } })
    for (const { node } of page.data.logs.edges) rows.set(node.id, node)
    if (!page.data.logs.pageInfo.hasNextPage) return rows
    after = page.data.logs.pageInfo.endCursor
  }
}
