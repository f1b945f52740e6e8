import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ReceivedDelivery, type Receiver, type Reply, startReceiver } from '../../dev/receiver/receiver.js'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// What an endpoint may be asked, and what becomes of its deliveries while it is down, asks to wait, or is gone. Two
// processes of the processors role share the work, as in production.

let app: TestApp
let second: TestApp
let pos: Receiver
const told: string[] = []
const slack = createServer((request, response) => {
  request.on('data', (chunk) => told.push(String(chunk)))
  request.on('end', () => response.end())
})
/** How each path answers its nth delivery. */
const answers = new Map<string, (count: number) => Reply>()
const counts = new Map<string, number>()
let ahead = 0
const now = (): Date => new Date(Date.now() + ahead)
beforeAll(async () => {
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve))
  const { port } = slack.address() as AddressInfo
  pos = await startReceiver({
    reply: ({ path }) => {
      const count = (counts.get(path) ?? 0) + 1
      counts.set(path, count)
      return answers.get(path)?.(count) ?? { status: 200 }
    },
  })
  app = await startTestApp({ now, environment: { ALERT_SLACK_URL: `http://127.0.0.1:${port}/` } })
  second = await startTestApp({ now, role: 'processors', environment: { ...app.environment, PORT: '0' } })
})
afterAll(async () => {
  await second.stop()
  await app.stop()
  await pos.close()
  slack.close()
})

const QUICK = { retryPolicy: { maxRetries: 3, retryDelays: [300] }, security: { rateLimiting: { enabled: false } } }

async function register(name: string, config: object = QUICK, delivery?: object): Promise<Registered> {
  const client = await app.register({ provider: 'careem', clientId: name, url: `${pos.url}/${name}`, config })
  if (delivery === undefined) return client
  const update = 'mutation ($id: ID!, $input: UpdateWebhookInput!) { updateWebhook(id: $id, input: $input) { id } }'
  const { errors } = await app.graphql(update, { id: client.webhookId, input: { delivery } })
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return client
}

function received(name: string): readonly ReceivedDelivery[] {
  return pos.received.filter(({ path }) => path === `/${name}`)
}

const order = (id: string): string => orderBody('careem', id)

function statusBody(id: string, status: string, second: number): string {
  const timestamp = new Date(Date.now() + second * 1_000).toISOString()
  const data = { order: { id, status, currency: 'AED', total_amount: '10.00', items: [] } }
  return JSON.stringify({ event_type: 'order.updated', timestamp, data })
}

async function alertsOf(client: Registered): Promise<readonly Json[]> {
  const { data } = await app.graphql('{ alerts { rule subject active message clientId } }')
  return data.alerts.filter(({ subject }: Json) => subject === client.webhookId)
}

/** Of an order's events at an endpoint, what each said of the order's revision. */
function revisions(name: string, id: string): readonly number[] {
  return received(name)
    .map(({ body }): Json => JSON.parse(body).data)
    .filter((data) => JSON.stringify(data).includes(id))
    .map((data) => data.order?.revision ?? data.change?.revision)
}

describe('an endpoint that is down', () => {
  it('is left alone but for probes, told to its admins elsewhere, and gets what was held in order when it is back', async () => {
    let isUp = false
    answers.set('/down', () => ({ status: isUp ? 200 : 503 }))
    const retryPolicy = { maxRetries: 100, retryDelays: [700], exponentialBackoff: false }
    const client = await register('down', { ...QUICK, retryPolicy })
    const ids = ['x1', 'x2', 'x3', 'x4']
    for (const id of ids) await send(app.url, client, order(id))
    for (const [index, status] of ['preparing', 'ready'].entries())
      for (const id of ids) await send(app.url, client, statusBody(`c-${id}`, status, index + 1))
    const alert = await until(
      'the breaker opens',
      async () => (await alertsOf(client)).find(({ rule }) => rule === 'endpoint_down'),
      45_000,
    )
    expect(alert).toMatchObject({ active: true, clientId: 'down', message: expect.stringContaining(`${pos.url}/down`) })
    await until('people are told', () => told.some((text) => text.includes('is down') && text.includes('/down')))
    const before = received('down').length
    await until('a probe', () => received('down').length > before, 15_000)
    // Four orders retry every 0.7 s; while it is open there are only probes.
    expect(received('down').length - before).toBeLessThan(8)
    expect(received('down').every(({ body }) => !body.includes('endpoint_down'))).toBe(true)
    isUp = true
    await until('all is delivered', async () => (await pending('down')) === 0, 45_000)
    for (const id of ids) {
      const seen = revisions('down', `c-${id}`)
      expect(seen).toEqual([...seen].sort((a, b) => a - b))
      expect(new Set(seen)).toEqual(new Set([1, 2, 3]))
    }
    await until(
      'it is cleared',
      async () => (await alertsOf(client)).every(({ rule, active }) => !(rule === 'endpoint_down' && active)),
      30_000,
    )
  }, 150_000)
})

async function pending(clientId: string): Promise<number> {
  return (await app.graphql('query ($id: ID!) { undelivered(clientId: $id) { pending } }', { id: clientId })).data
    .undelivered.pending
}

describe('an endpoint with a rate', () => {
  it('gets no more a second from all processes together', async () => {
    const client = await register('rated', QUICK, { ratePerSecond: 4 })
    await Promise.all(Array.from({ length: 14 }, (_, index) => send(app.url, client, order(`rate-${index}`))))
    await until('all of them', () => received('rated').length === 14, 30_000)
    const times = received('rated').map(({ at }) => at)
    // Two processes start with a slot each; from there on 4 a second.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(((14 - 2) / 4) * 1_000 - 300)
  })
})

describe('an endpoint that allows two at once', () => {
  it('never has more from two processes', async () => {
    let open = 0
    let most = 0
    const busy = createServer((request, response) => {
      open += 1
      most = Math.max(most, open)
      request.resume()
      setTimeout(() => {
        open -= 1
        response.end()
      }, 60)
    })
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
    // A TCP server's address is an AddressInfo.
    const { port } = busy.address() as AddressInfo
    const client = await app.register({
      provider: 'careem',
      clientId: 'two',
      url: `http://127.0.0.1:${port}/`,
      config: QUICK,
    })
    const update = 'mutation ($id: ID!) { updateWebhook(id: $id, input: {delivery: {concurrency: 2}}) { id } }'
    await app.graphql(update, { id: client.webhookId })
    await Promise.all(Array.from({ length: 30 }, (_, index) => send(app.url, client, order(`two-${index}`))))
    await until('all are delivered', async () => (await delivered('two')) === 30, 30_000)
    expect(most).toBeLessThanOrEqual(2)
    busy.close()
  })
})

async function delivered(clientId: string): Promise<number> {
  const query = 'query ($id: ID!) { logs(filter: {clientId: $id, status: SUCCESS}) { totalCount } }'
  return (await app.graphql(query, { id: clientId })).data.logs.totalCount
}

describe('an endpoint that asks to wait', () => {
  it.each([
    ['in seconds', '2', 2_000],
    ['until a date', () => new Date(Date.now() + 3_000).toUTCString(), 1_900],
  ])('%s, is sent nothing before, neither this delivery nor the next', async (form, value, leastMs) => {
    const name = `asks-${form.replaceAll(' ', '-')}`
    const header = typeof value === 'string' ? value : value()
    answers.set(`/${name}`, (count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': header } } : { status: 200 },
    )
    const client = await register(name)
    await send(app.url, client, order(`${name}-1`))
    await until('the first attempt', () => received(name).length === 1)
    await until('it is known', async () => (await pending(name)) === 1)
    // Whichever process takes them.
    for (let index = 2; index < 6; index += 1) await send(app.url, client, order(`${name}-${index}`))
    await until('all are delivered', async () => (await delivered(name)) === 5, 30_000)
    const [first, next] = received(name)
    expect((next?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(leastMs)
  })
})

describe('an endpoint that is gone', () => {
  it('is disabled, says why, and its admins are told', async () => {
    answers.set('/gone', () => ({ status: 410 }))
    const client = await register('gone')
    await send(app.url, client, order('gone-1'))
    const webhook = await until('it is disabled', async () => {
      const { data } = await app.graphql('query ($id: ID!) { webhook(id: $id) { status disabledReason } }', {
        id: client.webhookId,
      })
      return data.webhook.status === 'DISABLED' ? data.webhook : undefined
    })
    expect(webhook.disabledReason).toContain('410')
    const alert = await until('the alert', async () =>
      (await alertsOf(client)).find(({ rule }) => rule === 'endpoint_disabled'),
    )
    expect(alert).toMatchObject({ active: true, clientId: 'gone', message: expect.stringContaining('410') })
    await until('people are told', () => told.some((text) => text.includes('/gone')))
    await send(app.url, client, order('gone-2'))
    expect(received('gone')).toHaveLength(1)
  })
})

describe('priorities', () => {
  it('order the work: what a person asked for, then what is live, then what is sent again in bulk', async () => {
    let isBroken = true
    // The first after it is mended take long: meanwhile the others queue.
    answers.set('/ranked', (count) => ({
      status: isBroken ? 500 : 200,
      delayMs: isBroken ? 0 : count <= 6 ? 2_500 : 60,
    }))
    const config = { ...QUICK, retryPolicy: { maxRetries: 0 } }
    const client = await register('ranked', config, { concurrency: 1 })
    for (let index = 0; index < 4; index += 1) await send(app.url, client, order(`again-${index}`))
    await until('they are dead', async () => (await dead('ranked')) === 4)
    isBroken = false
    const from = received('ranked').length
    const redrive = 'mutation { redriveDeadLetters(filter: {clientId: "ranked"}) { queued } }'
    const test = 'mutation ($id: ID!) { sendTestEvent(webhookId: $id) { id } }'
    // Two processes have one under way each; all the others wait.
    for (let index = 0; index < 4; index += 1) await send(app.url, client, order(`live-${index}`))
    await app.graphql(redrive)
    await app.graphql(test, { id: client.webhookId })
    for (let index = 4; index < 6; index += 1) await send(app.url, client, order(`live-${index}`))
    await until('all of them', () => received('ranked').length === from + 11, 30_000)
    const kinds = received('ranked')
      .slice(from)
      .map(({ body }) => (body.includes('again-') ? 'low' : body.includes('live-') ? 'medium' : 'high'))
    const mean = (kind: string): number => {
      const places = kinds.flatMap((each, index) => (each === kind ? [index] : []))
      return places.reduce((sum, place) => sum + place, 0) / places.length
    }
    // The two under way, and one that the other process took at the same moment.
    expect(kinds.indexOf('high')).toBeLessThanOrEqual(3)
    expect(mean('medium')).toBeLessThan(mean('low'))
  })
})

async function dead(clientId: string): Promise<number> {
  return (await app.graphql('query ($id: ID!) { undelivered(clientId: $id) { dead } }', { id: clientId })).data
    .undelivered.dead
}

describe('a retry that nats-server does not fire', () => {
  it('is moved on by a processor once it is a minute late', async () => {
    answers.set('/forgotten', (count) => ({ status: count === 1 ? 500 : 200 }))
    const config = { ...QUICK, retryPolicy: { maxRetries: 1, retryDelays: [600_000] } }
    const client = await register('forgotten', config)
    await send(app.url, client, order('forgotten-1'))
    await until('it is retrying', async () => (await pending('forgotten')) === 1 && received('forgotten').length === 1)
    // To the processors it is twelve minutes later, to nats-server it is not.
    ahead = 12 * 60_000
    await until('the second attempt', () => received('forgotten').length === 2, 40_000)
    await until('it is delivered once', async () => (await delivered('forgotten')) === 1)
    ahead = 0
  })
})
