import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { type Json, send, startTestApp, type TestApp, until } from '../support/app.js'

// Uber and Keeta name the order and keep it: dispatch fetches it. The platform's API here answers what the test asks of it.

const fixture = (file: string): string => readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')
const ORDER = fixture('uber-eats/live/order_resource.v2.json')
const KEETA_ORDER = fixture('keeta/live/order_resource.json')

type Call = {
  readonly path: string
  readonly authorization: string | undefined
  readonly signature?: string | readonly string[]
}

let api: Server
let origin: string
let calls: Call[]
/** Status of the next answers for an order; 200 once it is empty. */
let failures: number[]
let tokens = 0
let pos: Receiver
let app: TestApp

beforeAll(async () => {
  api = createServer((request, response) => {
    const path = request.url ?? ''
    if (path === '/oauth/v2/token') {
      tokens += 1
      return response.end(JSON.stringify({ access_token: `token-${tokens}`, expires_in: 3_600 }))
    }
    if (path === '/keeta/oauth/token')
      return response.end(JSON.stringify({ accessToken: 'keeta-token', expiresIn: 3_600 }))
    const { authorization, 'x-app-signature': signature } = request.headers
    calls.push({ path, authorization, ...(signature !== undefined && { signature }) })
    response.statusCode = failures.shift() ?? 200
    response.end(path.startsWith('/keeta/') ? KEETA_ORDER : ORDER)
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an AddressInfo.
  const host = `127.0.0.1:${(api.address() as AddressInfo).port}`
  origin = `http://${host}`
  pos = await startReceiver()
  app = await startTestApp({
    environment: {
      PLATFORM_APIS: JSON.stringify({
        'uber-eats': { hosts: [host], tokenUrl: `${origin}/oauth/v2/token` },
        keeta: { hosts: [host], tokenUrl: `${origin}/keeta/oauth/token` },
      }),
    },
  })
})
afterAll(async () => {
  await app.stop()
  await pos.close()
  await new Promise((resolve) => api.close(resolve))
})

async function notify(clientId: string, href: string, options: { readonly credentials?: boolean } = {}): Promise<Json> {
  calls = []
  const to = await app.register({
    provider: 'uber-eats',
    profile: 'live',
    clientId,
    url: pos.url,
    ...(options.credentials !== false && { platformApi: { clientId: 'uber-app', clientSecret: 'uber-secret' } }),
  })
  const body = JSON.stringify({
    event_id: `event-${clientId}`,
    event_type: 'orders.notification',
    event_time: 1_772_000_000,
    meta: { resource_id: 'order-1', status: 'pos', user_id: 'store-1' },
    resource_href: href,
  })
  const answer = await send(app.url, to, body)
  expect(answer).toMatchObject({ status: 200, json: null })
  const received = await until('the delivery arrives', () =>
    pos.received.map(({ body: sent }) => JSON.parse(sent)).find((sent) => sent.clientId === clientId),
  )
  return received
}

describe('a thin event', () => {
  it('is delivered with the order its platform was asked for, by a token that is asked for once', async () => {
    failures = []
    const sent = await notify('uber-fine', `${origin}/v2/eats/order/1`)
    expect(sent).toMatchObject({
      type: 'order.created',
      data: { order: { provider: 'uber-eats', revision: 1, status: 'pending', lines: expect.any(Array) } },
      source: { eventType: 'orders.notification', payload: { event_id: 'event-uber-fine' } },
    })
    expect(sent.data.order.lines.length).toBeGreaterThan(0)
    expect(calls).toEqual([{ path: '/v2/eats/order/1', authorization: 'Bearer token-1' }])
  })

  it('waits for a platform that is ill, and asks for a new token where the old one is refused', async () => {
    failures = [503, 401]
    const sent = await notify('uber-ill', `${origin}/v2/eats/order/2`)
    expect(sent.data.order.externalId).toEqual(expect.any(String))
    expect(calls.map(({ authorization }) => authorization)).toHaveLength(3)
    expect(calls.at(-1)?.authorization).not.toBe(calls.at(-2)?.authorization)
  })

  it.each([
    ['of a host the platform does not have', 'https://evil.example/order', true, /not one of the platform's hosts/],
    ['of a registration without credentials', 'ORIGIN/v2/eats/order/3', false, /no platformApi credentials/],
  ])('%s goes out without its order, saying why, and nobody is asked', async (name, href, credentials, reason) => {
    failures = []
    const clientId = `uber-${name.length}`
    const sent = await notify(clientId, href.replace('ORIGIN', origin), { credentials })
    expect(sent).toMatchObject({ type: 'order.created', data: {} })
    expect(sent.data.order).toBeUndefined()
    expect(calls).toEqual([])
    expect(sent.source.problem).toMatch(reason)
  })

  it("of Keeta is fetched with Open Delivery's token and a signature of the URL", async () => {
    calls = []
    failures = []
    const clientId = 'keeta-fine'
    const platformApi = { clientId: 'keeta-app', clientSecret: 'keeta-secret' }
    const to = await app.register({ provider: 'keeta', profile: 'live', clientId, url: pos.url, platformApi })
    const orderURL = `${origin}/keeta/v1/orders/kt-551?z=2&a=1`
    const body = JSON.stringify({ ...JSON.parse(fixture('keeta/live/CREATED.json')), orderURL })
    expect(await send(app.url, to, body)).toMatchObject({ status: 200, json: null })
    const sent = await until('the delivery arrives', () =>
      pos.received.map((each) => JSON.parse(each.body)).find((each) => each.clientId === clientId),
    )
    expect(sent.data.order).toMatchObject({
      externalId: 'kt-551',
      totals: { grandTotal: { amount: 8_600, currency: 'KWD' } },
      totalsCheck: 'ok',
    })
    const signed = `${origin}/keeta/v1/orders/kt-551&a=1&z=2`
    const signature = createHmac('sha256', 'keeta-secret').update(signed).digest('base64')
    const path = '/keeta/v1/orders/kt-551?z=2&a=1'
    expect(calls).toEqual([{ path, authorization: 'Bearer keeta-token', signature }])
  })
})
