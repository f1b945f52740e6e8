import { randomBytes } from 'node:crypto'
import { type Collection, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { SPANS } from '../../src/domain/bucket.js'
import type { Log, LogStatus } from '../../src/domain/log.js'
import type { Order, OrderStatus } from '../../src/domain/order.js'
import { createSealer } from '../../src/lib/seal.js'
import type { OrderDocument, Positions } from '../../src/processors/record/ports.js'
import { sweep } from '../../src/processors/retention/retention.js'
import { openStore, type Store } from '../../src/store/store.js'
import { aLog } from '../support/memory-ports.js'
import { seeded } from '../support/seeded.js'

// Stats against a recount of the logs, while batches are cut short anywhere and written again.

const NOW = new Date('2026-03-14T12:34:56.000Z')
const database = `t${randomBytes(6).toString('hex')}`
let store: Store
let raw: MongoClient
beforeAll(async () => {
  const sealer = createSealer('an-encryption-key-of-the-store-tests')
  store = openStore({ url: inject('mongoUrl'), database, sealer, holder: 'test', now: () => NOW })
  raw = await MongoClient.connect(inject('mongoUrl'))
})
afterAll(async () => {
  await store.close()
  await raw.close()
})

const random = seeded(7)
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
const CLIENTS = ['one', 'two', 'three']
const PROVIDERS = ['careem', 'talabat', 'jahez']
const STATUSES: readonly LogStatus[] = ['pending', 'success', 'failed']
/** By id, as the last batch that was written through left them. */
const logs = new Map<string, Log>()

function aBatch(): readonly Log[] {
  const changed = [...logs.values()]
    .filter(() => random() < 0.2)
    .map((log) => ({ ...log, status: pick(STATUSES), responseTime: Math.floor(random() * 3_000) }))
  const added = Array.from({ length: 15 }, (_, index) =>
    aLog(`log-${logs.size}-${index}`, pick(CLIENTS), {
      provider: pick(PROVIDERS),
      status: pick(STATUSES),
      responseTime: random() < 0.3 ? null : Math.floor(random() * 3_000),
      timestamp: new Date(NOW.getTime() - Math.floor(random() * 29 * SPANS.day)).toISOString(),
    }),
  )
  return [...changed, ...added]
}

async function write(epoch: number, batch: readonly Log[], from: Positions, positions: Positions) {
  expect(await store.readModel.writeBatch({ epoch, logs: batch, orders: [], menus: [], from, positions })).toBe(
    'written',
  )
}

/** Puts the database back to where a process that died in the middle of the batch would have left it. */
async function cutShort(before: Snapshot, from: Positions): Promise<void> {
  const db = raw.db(database)
  const buckets = db.collection<{ _id: string }>('buckets')
  const stored = db.collection<{ _id: string }>('logs')
  const lostAllBuckets = random() < 0.5
  for (const { _id } of await buckets.find().toArray()) {
    if (!lostAllBuckets && random() < 0.5) continue
    await restore(buckets, _id, before.buckets)
  }
  // Logs are written first: one may be missing only where no bucket was touched.
  if (lostAllBuckets)
    for (const { _id } of await stored.find().toArray()) if (random() < 0.5) await restore(stored, _id, before.logs)
  await db.collection<{ _id: string }>('leases').updateOne({ _id: 'record' }, { $set: { ...from } })
}

type Snapshot = Awaited<ReturnType<typeof snapshot>>
async function snapshot() {
  const read = async (name: string) =>
    new Map((await raw.db(database).collection<{ _id: string }>(name).find().toArray()).map((each) => [each._id, each]))
  return { buckets: await read('buckets'), logs: await read('logs') }
}

async function restore(
  collection: Collection<{ _id: string }>,
  id: string,
  documents: ReadonlyMap<string, { _id: string }>,
): Promise<void> {
  const known = documents.get(id)
  if (known === undefined) await collection.deleteOne({ _id: id })
  else await collection.replaceOne({ _id: id }, known)
}

function recount(filter: { clientId?: string; provider?: string; since: string }) {
  const among = [...logs.values()].filter(
    (log) =>
      log.timestamp >= filter.since &&
      (filter.clientId === undefined || log.clientId === filter.clientId) &&
      (filter.provider === undefined || log.provider === filter.provider),
  )
  const of = (status: string) => among.filter((log) => log.status === status).length
  const times = among.flatMap(({ responseTime }) => responseTime ?? []).sort((a, b) => a - b)
  return {
    times,
    counts: {
      total: of('success') + of('failed'),
      successful: of('success'),
      failed: of('failed'),
      pending: of('pending'),
      avgResponseTime: times.length === 0 ? 0 : Math.round(times.reduce((sum, time) => sum + time, 0) / times.length),
    },
  }
}

/** An order's document as it stands after `changes`. */
function anOrder(id: string, status: OrderStatus, changes: readonly OrderStatus[]): OrderDocument {
  const placedAt = new Date(NOW.getTime() - SPANS.hour).toISOString()
  const snapshot = {
    ...{ id, clientId: 'one', provider: 'careem', storeRef: 'store.1', status, placedAt, isTest: false },
    totals: { grandTotal: { amount: 1_000, currency: 'KWD' } },
    ...{ externalId: id, externalCode: null, displayCode: null, acceptBy: null },
  } as unknown as Order
  return {
    ...{ id, clientId: 'one', snapshot, snapshotAt: placedAt, status, revision: 1 },
    changes: changes.map((to, index) => ({
      ...{ eventId: `${id}-${index}`, to, reason: null, dedupeKey: `${id}-${index}` },
      occurredAt: new Date(Date.parse(placedAt) + 30_000 * (index + 1)).toISOString(),
    })),
  }
}

/** Every range, client and platform that stats can be asked for. */
async function expectRecount(clients = CLIENTS, providers = PROVIDERS): Promise<void> {
  const ranges = [
    { length: SPANS.hour, step: 'minute', grain: 'minute' },
    { length: SPANS.day, step: 'hour', grain: 'minute' },
    { length: 7 * SPANS.day, step: 'hour', grain: 'hour' },
    { length: 30 * SPANS.day, step: 'day', grain: 'hour' },
  ] as const
  for (const { length, step, grain } of ranges)
    for (const clientId of [undefined, ...clients])
      for (const provider of [undefined, ...providers]) {
        const since = new Date(Math.floor((NOW.getTime() - length) / SPANS[grain]) * SPANS[grain]).toISOString()
        const scope = { ...(clientId && { clientId }), ...(provider && { provider }) }
        const stats = await store.stats.readStats({ ...scope, since, until: NOW.toISOString(), step, grain })
        const { counts, times } = recount({ ...scope, since })
        expect(stats).toMatchObject(counts)
        expect(stats.series.reduce((sum, point) => sum + point.total + point.pending, 0)).toBe(
          counts.total + counts.pending,
        )
        const truth = times[Math.max(1, Math.ceil(0.95 * times.length)) - 1]
        if (truth !== undefined && truth > 0)
          expect(Math.abs((stats.p95 ?? 0) - truth)).toBeLessThanOrEqual(truth * 0.02 + 0.5)
      }
}

describe('analytics', () => {
  it('count each order once as it moves on, also in a batch that is written again', async () => {
    const lease = await store.readModel.acquireLease('test', 60_000)
    const steps: readonly (readonly OrderDocument[])[] = [
      [anOrder('o1', 'pending', []), anOrder('o2', 'pending', []), anOrder('o3', 'pending', [])],
      [anOrder('o1', 'accepted', ['accepted']), anOrder('o2', 'rejected', ['rejected'])],
      [anOrder('o1', 'delivered', ['accepted', 'delivered']), anOrder('o3', 'cancelled', ['accepted', 'cancelled'])],
    ]
    for (const orders of steps) {
      const from = await store.readModel.readPositions()
      const positions = { webhooks: from.webhooks, activity: from.activity + 3 }
      const batch = { epoch: lease?.epoch ?? 0, logs: [], orders, menus: [], from, positions }
      const before = await snapshot()
      expect(await store.readModel.writeBatch(batch)).toBe('written')
      await cutShort(before, from)
      expect(await store.readModel.writeBatch(batch)).toBe('written')
    }
    const range = { since: new Date(NOW.getTime() - SPANS.day).toISOString(), until: NOW.toISOString() }
    for (const scope of [{}, { clientId: 'one' }]) {
      const read = await store.analytics.readOrders({ ...range, ...scope, step: 'hour' })
      expect(read).toHaveLength(1)
      expect(read[0]).toMatchObject({
        ...{ provider: 'careem', storeRef: 'store.1', orders: 3, accepted: 2, rejected: 1, cancelled: 1, failed: 0 },
        revenue: [{ currency: 'KWD', amount: 1_000 }],
      })
      expect([...(read[0]?.acceptTimes.values() ?? [])].reduce((sum, count) => sum + count, 0)).toBe(2)
    }
  })
})

describe('stats', () => {
  it('equal a recount of the logs after batches that were cut short and written again', async () => {
    const lease = await store.readModel.acquireLease('test', 60_000)
    for (let round = 0; round < 12; round += 1) {
      const from = await store.readModel.readPositions()
      const to = { webhooks: from.webhooks + 15, activity: from.activity + 7 }
      const batch = aBatch()
      const before = await snapshot()
      await write(lease?.epoch ?? 0, batch, from, to)
      for (let cuts = Math.floor(random() * 3); cuts > 0; cuts -= 1) {
        await cutShort(before, from)
        expect(await store.readModel.readBatchEnd()).toEqual(to)
        await write(lease?.epoch ?? 0, batch, from, to)
      }
      for (const log of batch) logs.set(log.id, log)
      expect(await store.readModel.readBatchEnd()).toBeNull()
    }
    await expectRecount()
    // What is no longer asked for goes; a batch that changes old logs brings some of it back, and nothing else.
    const policy = { logDays: 400, payloadDays: null, customerDataDays: null, customerPaths: [] }
    const { removed } = await sweep(store.retention, { policy, now: () => NOW })
    expect(removed.buckets).toBeGreaterThan(50)
    await expectRecount(['one'], [])
    const from = await store.readModel.readPositions()
    const late = [...logs.values()].map((log) => ({ ...log, status: pick(STATUSES), responseTime: 1_234 }))
    await write(lease?.epoch ?? 0, late, from, { webhooks: from.webhooks, activity: from.activity + 1 })
    for (const log of late) logs.set(log.id, log)
    await expectRecount(['one'], [])
    expect((await sweep(store.retention, { policy, now: () => NOW })).left.buckets).toBe(0)
  })
})

describe('buckets of an earlier version', () => {
  it('are found by their time once the database is migrated', async () => {
    const buckets = raw.db(database).collection<{ _id: string; startsAt?: Date }>('buckets')
    await buckets.updateMany({}, { $unset: { span: 1, startsAt: 1 } })
    await raw.db(database).collection('migrations').deleteMany({})
    await store.migrate(() => undefined)
    expect(await buckets.countDocuments({ startsAt: { $exists: true } })).toBe(await buckets.countDocuments())
    const policy = { logDays: 400, payloadDays: null, customerDataDays: null, customerPaths: [] }
    const inYears = () => new Date(NOW.getTime() + 1_000 * SPANS.day)
    await sweep(store.retention, { policy, now: inYears })
    expect(await buckets.countDocuments()).toBe(0)
  })
})
