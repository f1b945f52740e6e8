import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bucketId, SPANS, startOf } from '../../src/domain/bucket.js'
import { storeKeyOf } from '../../src/domain/order-tallies.js'
import { createSealer } from '../../src/lib/seal.js'
import { openStore } from '../../src/store/store.js'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

let app: TestApp
let client: Registered
const told: Json[] = []
const slack = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    told.push(JSON.parse(body))
    response.end()
  })
})
beforeAll(async () => {
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve))
  const { port } = slack.address() as AddressInfo
  app = await startTestApp({ environment: { ALERT_SLACK_URL: `http://127.0.0.1:${port}/` } })
  // Port 9: nobody listens.
  client = await app.register({
    provider: 'careem',
    clientId: 'alerting',
    url: 'http://127.0.0.1:9/',
    config: { retryPolicy: { maxRetries: 0 } },
  })
})
afterAll(async () => {
  await app.stop()
  slack.close()
})

const ALERTS = '{ alerts { id rule severity subject clientId active message firedAt acknowledgedAt acknowledgedBy } }'
const listed = async (): Promise<Json[]> => (await app.graphql(ALERTS)).data.alerts

describe('alerts', () => {
  it('fire for an endpoint that fails and for what was given up, everywhere, and people are told', async () => {
    for (let sent = 0; sent < 6; sent += 1) await send(app.url, client, orderBody('careem', `failing-${sent}`))
    const alerts = await until('both fire', async () => {
      const all = await listed()
      const rules = all.map(({ rule }) => rule)
      return rules.includes('endpoint_failing') && rules.includes('dead_letters') ? all : undefined
    })
    expect(alerts.find(({ rule }) => rule === 'endpoint_failing')).toMatchObject({
      severity: 'CRITICAL',
      subject: client.webhookId,
      clientId: 'alerting',
      active: true,
    })
    await until('Slack is told', () =>
      told.some(({ text }) => /attempts to reach alerting \(careem\) failed/.test(text)),
    )
    const text = await (await fetch(`${app.url}/metrics`)).text()
    expect(text).toContain('orderwire_alerts_active{rule="endpoint_failing",severity="critical"} 1')
  })

  it('are seen by the client they concern, and acknowledged by an operator', async () => {
    const viewer = await app.token({ role: 'viewer', client: 'alerting' })
    const own = (await app.graphql(ALERTS, {}, viewer)).data.alerts
    expect(own.map(({ rule }: Json) => rule)).toEqual(['endpoint_failing'])
    const acknowledge = `mutation { acknowledgeAlert(id: "${own[0].id}") { acknowledgedBy } }`
    expect((await app.graphql(acknowledge, {}, viewer)).errors[0].extensions.code).toBe('FORBIDDEN')
    const operator = await app.token({ role: 'operator' })
    expect((await app.graphql(acknowledge, {}, operator)).data.acknowledgeAlert.acknowledgedBy).toBe('operator')
    await until('it is in force', async () => (await listed()).find(({ id }) => id === own[0].id)?.acknowledgedAt)
  })
})

describe('what the database knows', () => {
  it('names stores that are silent against their own mean of that hour, and orders nobody accepted in time', async () => {
    const database = `${app.environment['MONGODB_DATABASE']}c`
    const nowMs = Date.parse('2026-03-14T12:20:00.000Z')
    const raw = await MongoClient.connect(inject('mongoUrl'))
    const db = raw.db(database)
    const hour = startOf('hour', nowMs) - SPANS.hour
    const buckets = db.collection<{ _id: string }>('buckets')
    const at = (hoursStart: number, stores: object) => ({
      _id: bucketId('orders', 'hour', 'chain', hoursStart),
      ...{ stores },
    })
    const [mall, harbour, corner] = ['mall', 'harbour', 'corner.2'].map((ref) => storeKeyOf('careem', ref))
    const elsewhere = storeKeyOf('jahez', null)
    for (const week of [1, 2, 3, 4])
      await buckets.insertOne(
        at(hour - week * 7 * SPANS.day, {
          ...{ [`${mall}`]: { orders: 8 }, [`${harbour}`]: { orders: 6 }, [`${corner}`]: { orders: 2 } },
          [elsewhere]: { orders: week },
        }),
      )
    await buckets.insertOne(at(hour, { [`${harbour}`]: { orders: 1 } }))
    await buckets.insertOne(at(hour - SPANS.hour, { [`${mall}`]: { orders: 9 } }))
    const order = (id: string, status: string, acceptBy: number) => ({
      _id: id,
      ...{ clientId: 'store', status, acceptBy: new Date(nowMs + acceptBy) },
    })
    await db
      .collection<{ _id: string }>('orders')
      .insertMany([
        order('soon', 'pending', 30_000),
        order('late', 'pending', -30_000),
        order('later', 'pending', 600_000),
        order('taken', 'accepted', 30_000),
        order('lost', 'pending', -3_600_000),
      ])
    const sealer = createSealer('an-encryption-key-of-the-store-tests')
    const store = openStore({ url: inject('mongoUrl'), database, sealer, holder: 'test', now: () => new Date(nowMs) })
    const clients = [...Array.from({ length: 250 }, (_, index) => `other-${index}`), 'chain']
    expect(await store.conditions.findSilentStores(clients, nowMs, 2.5)).toEqual([
      { clientId: 'chain', provider: 'careem', storeRef: 'harbour', missing: 0 },
      { clientId: 'chain', provider: 'careem', storeRef: 'mall', missing: 8 },
      { clientId: 'chain', provider: 'jahez', storeRef: null, missing: 2.5 },
    ])
    expect(await store.conditions.countOrdersAtRisk(nowMs)).toEqual(new Map([['store', 2]]))
    expect(await store.conditions.countOverdueRetries(nowMs)).toBe(0)
    await store.close()
    await raw.close()
  })
})
