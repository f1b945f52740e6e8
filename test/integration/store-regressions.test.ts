import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Attempt, Log } from '../../src/domain/log.js'
import { createSealer } from '../../src/lib/seal.js'
import type { OrderDocument } from '../../src/processors/record/ports.js'
import { migrate } from '../../src/store/migrations.js'
import { openStore, type Store } from '../../src/store/store.js'
import { aClient, aLog, anAttempt } from '../support/memory-ports.js'

// What the store must keep to where two processes, two clocks or a person's retry cross. One database, one clock.

const NOW = new Date('2026-03-14T12:00:00.000Z')
const LEASE_MS = 10_000
const sealer = createSealer('an-encryption-key-of-the-store-tests')
const database = `t${randomBytes(6).toString('hex')}`
let clock = NOW
let store: Store
let raw: MongoClient

beforeAll(async () => {
  store = openStore({ url: inject('mongoUrl'), database, sealer, holder: 'test', now: () => clock })
  raw = await MongoClient.connect(inject('mongoUrl'))
  await store.migrate(() => undefined)
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await raw.close()
})

const inMs = (ms: number): string => new Date(NOW.getTime() + ms).toISOString()

/** Everything there is, as text: equal before and after means nothing was changed. */
async function dump(): Promise<string> {
  const read = (name: string) => raw.db(database).collection(name).find().sort({ _id: 1 }).toArray()
  return JSON.stringify(await Promise.all(['logs', 'orders', 'leases', 'clients'].map(read)))
}

/** Takes the lease from whoever holds it, as after its time has run out. */
async function takeOver(holder: string): Promise<number> {
  clock = new Date(clock.getTime() + LEASE_MS + 1)
  const lease = await store.readModel.acquireLease(holder, LEASE_MS)
  if (lease === null) throw new Error('the lease has run out and was not given')
  return lease.epoch
}

async function write(epoch: number, logs: readonly Log[], orders: readonly OrderDocument[] = []) {
  const from = await store.readModel.readPositions()
  return store.readModel.writeBatch({
    epoch,
    logs,
    orders,
    menus: [],
    from,
    positions: { ...from, activity: from.activity + 1 },
  })
}

function anOrder(id: string, status: OrderDocument['status']): OrderDocument {
  return { id, clientId: 'c', snapshot: null, snapshotAt: null, changes: [], status, revision: 1 }
}

describe('a writer that has lost the lease', () => {
  it('changes nothing: neither what a later writer wrote, nor what is not there yet', async () => {
    const old = await takeOver('old')
    expect(await write(old, [aLog('shared', 'c')], [anOrder('ord_1', 'pending')])).toBe('written')
    const later = await takeOver('later')
    expect(await write(later, [aLog('shared', 'c', { error: 'later' })], [anOrder('ord_1', 'ready')])).toBe('written')
    const before = await dump()
    expect(await write(old, [aLog('shared', 'c', { error: 'old' })])).toBe('fenced')
    expect(await write(old, [], [anOrder('ord_1', 'accepted')])).toBe('fenced')
    expect(await write(old, [aLog('only-the-old-one-knows', 'c')], [anOrder('ord_2', 'pending')])).toBe('fenced')
    expect(await dump()).toBe(before)
  })

  it('is given a new epoch when it comes back, even as the same process', async () => {
    const first = await takeOver('same')
    await store.readModel.releaseLease('same')
    expect((await store.readModel.acquireLease('same', LEASE_MS))?.epoch).toBe(first + 1)
  })

  it('is one of many that asked: the lease goes to exactly one', async () => {
    clock = new Date(clock.getTime() + LEASE_MS + 1)
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.readModel.acquireLease(`holder-${index}`, LEASE_MS)),
    )
    expect(asked.filter((lease) => lease !== null)).toHaveLength(1)
  })
})

describe('retry stats', () => {
  const retrying = (webhookId: string, changes: Partial<Attempt>): Attempt =>
    anAttempt(webhookId, { result: 'retrying', deadReason: null, at: inMs(0), ...changes })
  const waiting = { status: 'pending', stage: 'retrying' } as const
  const count = (clientId: string) => store.retryStats.readRetryStats({ clientId }, NOW.toISOString())

  it('keep a scheduled retry in sight when a manual attempt failed meanwhile', async () => {
    const attempts = [
      retrying('w', { nextAttemptAt: inMs(-61_000), at: inMs(-70_000) }),
      anAttempt('w', { trigger: 'manual', at: inMs(-65_000) }),
    ]
    await write(await takeOver('stats'), [aLog('manual-meanwhile', 'manual', { ...waiting, attempts })])
    expect(await count('manual')).toMatchObject({ scheduled: 1, overdue: 1, nextDueAt: inMs(-61_000) })
  })

  it('do not take a retry for scheduled that a later attempt has overtaken, whatever the clocks say', async () => {
    const attempts = [
      retrying('a', { attempt: 2, at: inMs(-3), nextAttemptAt: inMs(20_000) }),
      retrying('a', { attempt: 1, at: inMs(0), nextAttemptAt: inMs(-90_000) }),
      retrying('b', { attempt: 1, at: inMs(1), nextAttemptAt: inMs(15_000) }),
    ]
    await write(await takeOver('stats'), [aLog('overtaken', 'overtaken', { ...waiting, attempts })])
    expect(await count('overtaken')).toMatchObject({ scheduled: 1, overdue: 0, nextDueAt: inMs(15_000) })
  })

  it('count as recovered what was delivered after a failure, not what went to two endpoints', async () => {
    const delivered = (webhookId: string, attempt = 1): Attempt =>
      anAttempt(webhookId, { attempt, result: 'delivered', deadReason: null, statusCode: 200 })
    const done = { status: 'success', stage: 'delivered', error: null } as const
    await write(await takeOver('stats'), [
      aLog('two-endpoints', 'recovered', { ...done, attempts: [delivered('a'), delivered('b')] }),
      aLog('second-try', 'recovered', { ...done, attempts: [retrying('a', {}), delivered('a', 2)] }),
    ])
    expect(await count('recovered')).toMatchObject({ recovered: 1, scheduled: 0, nextDueAt: null })
  })
})

describe('migrations', () => {
  const options = { holder: 'new', now: () => new Date(), onProgress: () => undefined }

  it('are taken over from a process that died holding the lock, not before its time has run out', async () => {
    const db = raw.db(`${database}l`)
    const until = new Date(NOW.getTime() + 60_000)
    await db.collection<{ _id: string }>('locks').insertOne({ _id: 'migrations', ...{ holder: 'dead', until } })
    // Time passes by 25 s with every look at the clock.
    let looks = 0
    const now = (): Date => new Date(NOW.getTime() + 25_000 * looks++)
    const ranAfter: number[] = []
    const migrations = [{ number: 1, title: 'one', run: async () => void ranAfter.push(looks) }]
    await migrate(db, { ...options, now, migrations })
    expect(ranAfter).toEqual([4])
  })

  it('leave no lock and no mark behind when one fails, and run it again next time', async () => {
    const db = raw.db(`${database}f`)
    let broken = true
    const run = async (): Promise<void> => {
      if (broken) throw new Error('the disk is full')
    }
    const migrations = [{ number: 1, title: 'one', run }]
    await expect(migrate(db, { ...options, migrations })).rejects.toThrow('the disk is full')
    expect(await db.collection('migrations').countDocuments()).toBe(0)
    broken = false
    await migrate(db, { ...options, holder: 'another', migrations })
    expect(await db.collection('migrations').find().project({ _id: 1 }).toArray()).toEqual([{ _id: 1 }])
    expect(await db.collection('locks').countDocuments()).toBe(0)
  })
})

describe('a client', () => {
  it('is saved by exactly one of many that read the same version', async () => {
    const save = (version: number, url: string) => {
      const client = aClient('raced')
      const webhooks = client.webhooks.map((webhook) => ({ ...webhook, url }))
      return store.clients.saveClient({ ...client, version: version + 1, webhooks }, version)
    }
    for (const version of [0, 1]) {
      const urls = Array.from({ length: 8 }, (_, index) => `https://${version}-${index}.example.com/`)
      const results = await Promise.all(urls.map((url) => save(version, url)))
      expect(results.filter((result) => result === 'saved')).toHaveLength(1)
      const stored = await store.clients.findClient('raced')
      expect(stored?.version).toBe(version + 1)
      expect(stored?.webhooks[0]?.url).toBe(urls[results.indexOf('saved')])
    }
  })

  it('cannot be read with another key, nor a secret under another registration', async () => {
    await store.clients.saveClient(aClient('sealed'), 0)
    const other = createSealer('another-encryption-key-of-the-store-')
    await using reader = openStore({ url: inject('mongoUrl'), database, sealer: other, holder: 'r', now: () => clock })
    await expect(reader.clients.findClient('sealed')).rejects.toThrow('ENCRYPTION_KEY')
    await raw
      .db(database)
      .collection('clients')
      .updateOne({ clientId: 'sealed' }, { $set: { 'webhooks.0.id': 'wh_x' } })
    await expect(store.clients.findWebhook('wh_x')).rejects.toThrow('cannot be opened')
  })
})
