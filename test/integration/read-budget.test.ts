import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { expect, inject, it } from 'vitest'
import { createSealer } from '../../src/lib/seal.js'
import { openStore } from '../../src/store/store.js'
import { createTestGraph } from '../support/graph.js'
import { aLog, anAttempt, anOrder, createMemoryPorts, NOW } from '../support/memory-ports.js'

const sealer = createSealer('an-encryption-key-of-the-store-tests')

it('a page of 100 logs with orders, attempts and counts costs three reads, however many there are', async () => {
  const commands: string[] = []
  const database = `t${randomBytes(6).toString('hex')}`
  await using store = openStore({
    url: inject('mongoUrl'),
    database,
    sealer,
    holder: 'test',
    now: () => NOW,
    onCommand: (name) => commands.push(name),
  })
  const lease = await store.readModel.acquireLease('test', 10_000)
  const orders = Array.from({ length: 100 }, (_, n) => anOrder(`ord_${n}`, 'c1'))
  const logs = orders.map(({ order }, n) => {
    const log = aLog(`evt_${n}`, 'c1', { attempts: [anAttempt('wh_c1'), anAttempt('wh_c1', { attempt: 2 })] })
    return { ...log, canonical: log.canonical && { ...log.canonical, data: { order } } }
  })
  const documents = orders.map(({ order }) => ({
    id: order.id,
    clientId: 'c1',
    snapshot: order,
    snapshotAt: 'x',
    changes: [],
    status: order.status,
    revision: 1,
  }))
  const from = { webhooks: 0, activity: 0 }
  await store.readModel.writeBatch({
    epoch: lease?.epoch ?? 0,
    logs,
    orders: documents,
    menus: [],
    from,
    positions: { webhooks: 1, activity: 1 },
  })
  const memory = createMemoryPorts({ logs: store.logs, orders: store.orders })
  commands.length = 0
  const { data, errors } = await createTestGraph(memory).graphql(
    '{ logs(first: 100) { totalCount edges { node { id attempts { attempt } order { id status changes { to } } } } } }',
  )
  expect(errors).toEqual([])
  expect(data.logs.edges.map(({ node }: { node: { order: { id: string } } }) => node.order.id)).toHaveLength(100)
  expect(data.logs.totalCount).toBe(100)
  expect(commands.sort()).toEqual(['aggregate', 'find', 'find'])
  const raw = await MongoClient.connect(inject('mongoUrl'))
  await raw.db(database).dropDatabase()
  await raw.close()
})
