import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, type Reply, startReceiver } from '../../dev/receiver/receiver.js'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// What a client may rely on, end to end: order within an order, one endpoint's trouble is its own, secrets that change,
// dead letters that can be counted and sent again.

let app: TestApp
let pos: Receiver
let answers: Map<string, (count: number) => Reply>
beforeAll(async () => {
  answers = new Map()
  const counts = new Map<string, number>()
  pos = await startReceiver({
    reply: ({ path }) => {
      const count = (counts.get(path) ?? 0) + 1
      counts.set(path, count)
      return answers.get(path)?.(count) ?? { status: 200 }
    },
  })
  app = await startTestApp()
})
afterAll(async () => {
  await app.stop()
  await pos.close()
})

const QUICK = { retryPolicy: { maxRetries: 3, retryDelays: [300] }, security: { rateLimiting: { enabled: false } } }

function register(name: string, config: object = QUICK): Promise<Registered> {
  return app.register({ provider: 'careem', clientId: name, url: `${pos.url}/${name}`, config })
}

function received(name: string): readonly Json[] {
  return pos.received.filter(({ path }) => path === `/${name}`).map(({ body }) => JSON.parse(body))
}

function statusBody(order: string, status: string, second: number): string {
  const timestamp = new Date(Date.now() + second * 1_000).toISOString()
  const data = { order: { id: order, status, currency: 'AED', total_amount: '10.00', items: [] } }
  return JSON.stringify({ event_type: 'order.updated', timestamp, data })
}

const revisionOf = (body: Json): number => body.data.order?.revision ?? body.data.change?.revision

describe("an order's events", () => {
  it('reach an endpoint that fails in revision order, and hold no other order up', async () => {
    answers.set('/lanes', (count) => ({ status: count <= 2 ? 500 : 200 }))
    const client = await register('lanes')
    expect((await send(app.url, client, orderBody('careem', 'first'))).status).toBe(200)
    await until('the first attempt', () => received('lanes').length > 0)
    for (const [index, status] of ['preparing', 'ready', 'picked_up'].entries())
      await send(app.url, client, statusBody('c-first', status, index))
    await send(app.url, client, orderBody('careem', 'other'))
    await until('all of them', async () => (await delivered('lanes')) === 5)
    const bodies = received('lanes')
    const first = bodies.filter(({ data }) => JSON.stringify(data).includes('c-first'))
    const revisions = first.map(revisionOf)
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
    expect(new Set(revisions)).toEqual(new Set([1, 2, 3, 4]))
    const other = bodies.findIndex(({ data }) => JSON.stringify(data).includes('c-other'))
    expect(other).toBeLessThan(bodies.findIndex((body) => revisionOf(body) === 4))
  })
})

async function delivered(clientId: string): Promise<number> {
  const query = 'query ($id: ID!) { logs(filter: {clientId: $id, status: SUCCESS}) { totalCount } }'
  return (await app.graphql(query, { id: clientId })).data.logs.totalCount
}

describe('an endpoint that hangs', () => {
  it('does not keep another waiting', async () => {
    answers.set('/hangs', () => ({ status: 200, delayMs: 3_000 }))
    const slow = await register('hangs')
    const quick = await register('quick')
    await Promise.all(Array.from({ length: 60 }, (_, index) => send(app.url, slow, orderBody('careem', `h${index}`))))
    await send(app.url, quick, orderBody('careem', 'q'))
    await until('the quick one', () => received('quick').length === 1)
    // Not one of those that hang has made room for another.
    expect(received('hangs').length).toBeLessThanOrEqual(16)
  })
})

describe('secrets', () => {
  it('may be rotated: for the grace both are taken, and what is sent verifies by both', async () => {
    const old = await register('rotates')
    const mutation =
      'mutation ($id: ID!, $grace: Int!) { rotateSecret(webhookId: $id, graceSeconds: $grace) { secretKey apiKey signingSecret previousValidUntil } }'
    const rotate = async (grace: number) =>
      (await app.graphql(mutation, { id: old.webhookId, grace })).data.rotateSecret
    const made = await rotate(3_600)
    const fresh = { ...old, credentials: { secretKey: made.secretKey, apiKey: made.apiKey } }
    expect((await send(app.url, old, orderBody('careem', 'r1'))).status).toBe(200)
    expect((await send(app.url, fresh, orderBody('careem', 'r2'))).status).toBe(200)
    await until('both', () => received('rotates').length === 2)
    const [delivery] = pos.received.filter(({ path }) => path === '/rotates')
    for (const secret of [old.signingSecret, made.signingSecret])
      expect(() => new Webhook(secret).verify(delivery?.body ?? '', delivery?.headers ?? {})).not.toThrow()
    await rotate(0)
    expect((await send(app.url, fresh, orderBody('careem', 'r3'))).status).toBe(401)
  })
})

describe('dead letters', () => {
  it('are listed with their reason, counted as the logs say, and sent again', async () => {
    let up = false
    answers.set('/dead', () => ({ status: up ? 200 : 500, body: '{"why":"closed"}' }))
    const client = await register('dead', { ...QUICK, retryPolicy: { maxRetries: 0 } })
    for (const id of ['d1', 'd2', 'd3']) await send(app.url, client, orderBody('careem', id))
    const list = async () =>
      (
        await app.graphql(
          '{ deadLetters(filter: {clientId: "dead"}) { totalCount edges { node { id ageSeconds deliveries { webhookId reason attempts statusCode response } } } } undelivered(clientId: "dead") { pending dead } }',
        )
      ).data
    await until('three dead letters', async () => (await list()).deadLetters.totalCount === 3)
    const { deadLetters, undelivered } = await list()
    expect(deadLetters.edges[0].node.deliveries).toEqual([
      {
        webhookId: client.webhookId,
        reason: 'RETRIES_EXHAUSTED',
        attempts: 1,
        statusCode: 500,
        response: '{"why":"closed"}',
      },
    ])
    expect(undelivered).toEqual({ pending: 0, dead: 3 })
    up = true
    const redrive = async (dryRun: boolean) =>
      (
        await app.graphql(
          'mutation ($dryRun: Boolean) { redriveDeadLetters(filter: {clientId: "dead", reason: RETRIES_EXHAUSTED}, dryRun: $dryRun) { matched queued skipped hasMore } }',
          { dryRun },
        )
      ).data.redriveDeadLetters
    const three = { matched: 3, queued: 3, skipped: 0, hasMore: false }
    expect(await redrive(true)).toEqual(three)
    expect((await list()).deadLetters.totalCount).toBe(3)
    expect(await redrive(false)).toEqual(three)
    await until('none is left', async () => (await list()).undelivered.dead === 0)
    expect(received('dead')).toHaveLength(6)
  })
})

describe('an order with a deadline', () => {
  it('that cannot be delivered is told to the other endpoints, and expires with its reason', async () => {
    answers.set('/broken', () => ({ status: 500 }))
    const client = await app.register({
      provider: 'talabat',
      clientId: 'deadline',
      url: `${pos.url}/broken`,
      events: ['order_notification'],
      config: { ...QUICK, retryPolicy: { mode: 'deadline' } },
    })
    await app.register({
      provider: 'talabat',
      clientId: 'deadline',
      url: `${pos.url}/manager`,
      events: ['order.at_risk'],
    })
    const order = {
      token: 't-late',
      localInfo: { countryCode: 'KW' },
      price: { grandTotal: '1.250' },
      products: [],
      expiryDate: new Date(Date.now() + 6_000).toISOString(),
    }
    const body = { event_type: 'order_notification', timestamp: new Date().toISOString(), data: { order } }
    const { json } = await send(app.url, client, JSON.stringify(body))
    await until('it is given up', async () => {
      const log = (
        await app.graphql('query ($id: ID!) { log(id: $id) { stage canonical attempts { deadReason } } }', {
          id: json.eventId,
        })
      ).data?.log
      return log?.stage === 'DEAD' && log.attempts.at(-1).deadReason === 'expired'
    })
    expect(received('manager').map(({ type }) => type)).toEqual(['order.at_risk'])
  })
})
