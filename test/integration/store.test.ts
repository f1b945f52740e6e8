import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Client, clientSettingsSchema } from '../../src/domain/client.js'
import type { Log } from '../../src/domain/log.js'
import type { Position } from '../../src/graph/ports.js'
import { createSealer } from '../../src/lib/seal.js'
import { INDEXES } from '../../src/store/indexes.js'
import { migrate } from '../../src/store/migrations.js'
import { openStore, type Store } from '../../src/store/store.js'

const NOW = new Date('2026-03-14T12:00:00.000Z')
const database = `t${randomBytes(6).toString('hex')}`
const sealer = createSealer('an-encryption-key-of-the-store-tests')
const inOneDay = new Date(NOW.getTime() + 86_400_000).toISOString()
let clock = NOW
let store: Store
let raw: MongoClient
beforeAll(async () => {
  const open = () => openStore({ url: inject('mongoUrl'), database, sealer, holder: 'test', now: () => clock })
  store = open()
  raw = await MongoClient.connect(inject('mongoUrl'))
  await store.migrate(() => undefined)
})
afterAll(async () => {
  await store.close()
  await raw.close()
})

function log(id: string, part: Partial<Log> = {}): Log {
  return {
    id,
    provider: 'careem',
    clientId: 'c',
    profile: 'spec',
    event: 'order.created',
    status: 'success',
    stage: 'delivered',
    timestamp: NOW.toISOString(),
    payload: `{"id":"${id}"}`,
    canonical: null,
    webhookIds: ['w'],
    attempts: [],
    responseTime: 100,
    resends: [],
    error: null,
    ...part,
  }
}

async function lease(holder: string): Promise<number> {
  const taken = await store.readModel.acquireLease(holder, 10_000)
  if (taken === null) throw new Error('another holds the lease')
  return taken.epoch
}

async function write(epoch: number, logs: readonly Log[], step = 1): Promise<'written' | 'fenced'> {
  const from = await store.readModel.readPositions()
  return store.readModel.writeBatch({
    epoch,
    logs,
    orders: [],
    menus: [],
    from,
    positions: { webhooks: from.webhooks + step, activity: from.activity },
  })
}

describe('migrations', () => {
  it('run once, in order, however many processes start at once', async () => {
    const db = raw.db(`${database}m`)
    const ran: number[] = []
    const migrations = [1, 2, 3].map((number) => ({
      number,
      title: `number ${number}`,
      run: async () => void ran.push(number),
    }))
    await Promise.all(
      ['a', 'b', 'c'].map((holder) =>
        migrate(db, { holder, now: () => new Date(), onProgress: () => undefined, migrations }),
      ),
    )
    expect(ran).toEqual([1, 2, 3])
  })

  it('made every index of the table', async () => {
    for (const { collection, name } of INDEXES) {
      const there = (await raw.db(database).collection(collection).indexes()).map((index) => index.name)
      expect(there).toContain(name)
    }
  })
})

describe('the read model', () => {
  it('has one writer: a lease that is held is not given, one that ran out is, with a later epoch', async () => {
    const first = await lease('one')
    expect(await store.readModel.acquireLease('two', 10_000)).toBeNull()
    expect(await lease('one')).toBe(first)
    clock = new Date(clock.getTime() + 11_000)
    expect(await lease('two')).toBe(first + 1)
    expect(await store.readModel.acquireLease('one', 10_000)).toBeNull()
  })

  it('lets a writer that lost its lease change nothing', async () => {
    const epoch = await lease('two')
    const before = await store.readModel.readPositions()
    expect(await write(epoch, [log('fenced', { status: 'success' })])).toBe('written')
    expect(await write(epoch - 1, [log('fenced', { status: 'failed' })])).toBe('fenced')
    expect((await store.logs.findLog('fenced'))?.status).toBe('success')
    expect(await store.readModel.readPositions()).toEqual({ ...before, webhooks: before.webhooks + 1 })
  })

  it('does not move past a place the database has forgotten', async () => {
    const epoch = await lease('two')
    const from = await store.readModel.readPositions()
    const ahead = { webhooks: from.webhooks + 50, activity: from.activity }
    expect(
      await store.readModel.writeBatch({
        epoch,
        logs: [],
        orders: [],
        menus: [],
        from: ahead,
        positions: { ...ahead, webhooks: ahead.webhooks + 1 },
      }),
    ).toBe('fenced')
    expect(await store.readModel.readPositions()).toEqual(from)
  })

  it('changes nothing when a batch is written again, and keeps a payload that is not given', async () => {
    const epoch = await lease('two')
    await write(epoch, [log('twice')])
    await write(epoch, [log('twice', { payload: null, responseTime: 7 })])
    expect(await store.logs.findLog('twice')).toMatchObject({ payload: '{"id":"twice"}', responseTime: 7 })
    expect((await store.readModel.loadLogs(['twice'])).get('twice')?.payload).toBeNull()
  })

  it('keeps a canonical event whose keys are operators elsewhere', async () => {
    const epoch = await lease('two')
    const canonical = {
      id: 'x',
      data: { $where: 1, 'a.b': { __proto__x: true } },
      provider: 'careem',
      clientId: 'c',
    } as unknown as NonNullable<Log['canonical']>
    await write(epoch, [log('odd-keys', { canonical })])
    expect((await store.logs.findLog('odd-keys'))?.canonical).toEqual(canonical)
  })
})

describe('lists and counts', () => {
  const all = Array.from({ length: 60 }, (_, index) =>
    log(`page-${String(index).padStart(3, '0')}`, {
      clientId: 'pages',
      provider: index % 2 === 0 ? 'careem' : 'jahez',
      status: index % 3 === 0 ? 'failed' : index % 3 === 1 ? 'success' : 'pending',
      // Many share a millisecond, on purpose.
      timestamp: new Date(NOW.getTime() + Math.floor(index / 7)).toISOString(),
      responseTime: index % 3 === 2 ? null : index,
    }),
  )
  beforeAll(async () => {
    await write(await lease('two'), all)
  })

  it('page by cursor and by offset without gap or duplicate', async () => {
    const byCursor: Log[] = []
    for (let after: Position | undefined; ; ) {
      const { items, hasMore } = await store.logs.listLogs({ clientId: 'pages' }, { limit: 7, ...(after && { after }) })
      byCursor.push(...items)
      const last = items.at(-1)
      after = last && { at: last.timestamp, id: last.id }
      if (!hasMore) break
    }
    const byOffset = (
      await Promise.all([0, 20, 40].map((offset) => store.logs.listLogs({ clientId: 'pages' }, { limit: 20, offset })))
    ).flatMap(({ items }) => items)
    const expected = [...all]
      .sort((a, b) => (a.timestamp !== b.timestamp ? (a.timestamp < b.timestamp ? 1 : -1) : a.id < b.id ? 1 : -1))
      .map(({ id }) => id)
    expect(byCursor.map(({ id }) => id)).toEqual(expected)
    expect(byOffset.map(({ id }) => id)).toEqual(expected)
  })

  it.each([
    [{ provider: 'jahez' }, (each: Log) => each.provider === 'jahez'],
    [{ status: 'failed' }, (each: Log) => each.status === 'failed'],
    [{ provider: 'careem', status: 'success' }, (each: Log) => each.provider === 'careem' && each.status === 'success'],
    [
      { startDate: new Date(NOW.getTime() + 3).toISOString(), endDate: new Date(NOW.getTime() + 5).toISOString() },
      (each: Log) => ['003', '004', '005'].some((end) => each.timestamp.endsWith(`${end}Z`)),
    ],
  ] as const)('narrow to %j', async (filter, fits) => {
    expect(await store.logs.countLogs({ clientId: 'pages', ...filter })).toBe(all.filter(fits).length)
  })

  it('equal a recount of the logs', async () => {
    const day = { since: NOW.toISOString(), until: inOneDay, step: 'hour', grain: 'minute' } as const
    const stats = await store.stats.readStats({ clientId: 'pages', ...day })
    const of = (status: string, among = all) => among.filter((each) => each.status === status).length
    expect(stats).toMatchObject({
      total: of('success') + of('failed'),
      successful: of('success'),
      failed: of('failed'),
      pending: of('pending'),
    })
    for (const provider of ['careem', 'jahez'] as const) {
      const among = all.filter((each) => each.provider === provider)
      expect(stats.providers[provider]).toEqual({
        total: of('success', among) + of('failed', among),
        successful: of('success', among),
        failed: of('failed', among),
      })
    }
    const times = all.flatMap(({ responseTime }) => responseTime ?? [])
    expect(stats.avgResponseTime).toBe(Math.round(times.reduce((sum, time) => sum + time, 0) / times.length))
    const later = { ...day, since: '2030-01-01T00:00:00.000Z', until: '2030-01-02T00:00:00.000Z' }
    expect((await store.stats.readStats({ clientId: 'pages', ...later })).total).toBe(0)
  })

  it('tell what waits for a retry, and what is overdue', async () => {
    const attempt = (due: number) => [
      {
        webhookId: 'w',
        url: '',
        attempt: 1,
        trigger: 'automatic' as const,
        at: NOW.toISOString(),
        statusCode: 500,
        responseTime: 1,
        response: null,
        error: null,
        result: 'retrying' as const,
        nextAttemptAt: new Date(NOW.getTime() + due).toISOString(),
        deadReason: null,
      },
    ]
    const waiting = { clientId: 'retries', status: 'pending', stage: 'retrying' } as const
    await write(await lease('two'), [
      log('r1', { ...waiting, attempts: attempt(-61_000) }),
      log('r2', { ...waiting, attempts: attempt(5_000) }),
      log('r3', { clientId: 'retries', status: 'failed', stage: 'dead' }),
    ])
    expect(await store.retryStats.readRetryStats({ clientId: 'retries' }, NOW.toISOString())).toEqual({
      scheduled: 2,
      overdue: 1,
      nextDueAt: new Date(NOW.getTime() - 61_000).toISOString(),
      dead: 1,
      recovered: 0,
    })
  })
})

describe('clients', () => {
  const client = (version: number): Client => ({
    clientId: 'stored',
    version,
    settings: clientSettingsSchema.parse({}),
    webhooks: [
      {
        id: 'wh_stored',
        clientId: 'stored',
        provider: 'careem',
        profile: 'spec',
        url: 'https://x/',
        events: ['*'],
        status: 'active',
        disabledReason: null,
        credentials: { secretKey: 'plain-secret', apiKey: 'plain-key' },
        signingSecret: 'whsec_plain',
        createdAt: NOW.toISOString(),
        updatedAt: NOW.toISOString(),
      },
    ],
  })

  it('come back as they were saved, by id, by provider and by registration', async () => {
    expect(await store.clients.saveClient(client(1), 0)).toBe('saved')
    expect(await store.clients.findClient('stored')).toEqual(client(1))
    expect(await store.clients.listClients({ provider: 'careem' }, 10)).toEqual([client(1)])
    expect(await store.clients.listClients({ provider: 'jahez' }, 10)).toEqual([])
    expect((await store.clients.findWebhook('wh_stored'))?.credentials.secretKey).toBe('plain-secret')
    expect(await store.clients.findWebhook('wh_none')).toBeNull()
  })

  it('are not overwritten by who read an older version', async () => {
    expect(await store.clients.saveClient(client(2), 1)).toBe('saved')
    expect(await store.clients.saveClient(client(2), 1)).toBe('conflict')
    expect(await store.clients.saveClient(client(1), 0)).toBe('conflict')
  })

  it('hold no secret in clear', async () => {
    const text = JSON.stringify(await raw.db(database).collection('clients').find().toArray())
    for (const secret of ['plain-secret', 'plain-key', 'whsec_plain']) expect(text).not.toContain(secret)
  })
})

describe('a database that is away', () => {
  it('does not hold up opening, and is told by ping within about a second', async () => {
    const away = openStore({ url: 'mongodb://127.0.0.1:1', database, sealer, holder: 'x', now: () => NOW })
    const startedAt = Date.now()
    expect(await away.ping()).toBe(false)
    expect(Date.now() - startedAt).toBeLessThan(1_500)
    await away.close()
  })
})
