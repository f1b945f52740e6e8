import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { type Json, orderBody, send, startTestApp, type TestApp, until } from '../support/app.js'
import { SPEC_PROVIDERS } from '../support/providers.js'

const AT = 1_773_507_912_000
const fixture = (file: string): Buffer => readFileSync(new URL(`../fixtures/${file}`, import.meta.url))
type Vector = { name: string; file: string; secret: string; headers: Record<string, string>; basis: string }
const vectors: Vector[] = JSON.parse(fixture('signatures.json').toString()).vectors.filter(
  ({ basis }: Vector) => basis === 'spec',
)

let app: TestApp
let pos: Receiver
beforeAll(async () => {
  pos = await startReceiver()
  app = await startTestApp()
})
afterAll(async () => {
  await app.stop()
  await pos.close()
})

describe('an order on its way', () => {
  it("delivers the specification's sample payload within a second, with a signature that standardwebhooks verifies", async () => {
    const careem = await app.register({ provider: 'careem', clientId: 'sample', url: `${pos.url}/sample` })
    const sentAt = Date.now()
    const body = fixture('careem/spec/order.created.json')
    const answer = await send(app.url, careem, body)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      success: true,
      eventId: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      processedAt: expect.any(String),
    })
    const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === '/sample' })
    expect(delivery?.at).toBeLessThan(sentAt + 1_000)
    const verified = new Webhook(careem.signingSecret).verify(delivery?.body ?? '', { ...delivery?.headers }) as Json
    expect(verified).toMatchObject({
      id: answer.json.eventId,
      type: 'order.created',
      provider: 'careem',
      clientId: 'sample',
      attempt: 1,
      source: { eventType: 'order.created' },
    })
    expect(verified['data'].order).toMatchObject({
      status: 'accepted',
      totals: { grandTotal: { amount: 8300, currency: 'AED' } },
      totalsCheck: 'ok',
    })
    expect(verified['source'].payload).toEqual(JSON.parse(body.toString()))
    expect(delivery?.headers['webhook-id']).toBe(answer.json.eventId)
  })

  it('shows the event in the logs, the stats and the order', async () => {
    const jahez = await app.register({ provider: 'jahez', clientId: 'shown', url: pos.url })
    const { json } = await send(app.url, jahez, fixture('jahez/spec/order_action.json'))
    const log = await until('the log is delivered', async () => {
      const found = (await app.api('GET', '/api/webhooks/logs?clientId=shown')).json.logs[0]
      return found?.status === 'success' && found
    })
    expect(log).toMatchObject({
      id: json.eventId,
      provider: 'jahez',
      event: 'order_action',
      stage: 'delivered',
      type: 'order.created',
      response: { statusCode: 200 },
      attempts: [{ attempt: 1, result: 'delivered' }],
    })
    const stats = (await app.api('GET', '/api/webhooks/stats?clientId=shown')).json
    expect(stats).toMatchObject({
      total: 1,
      successful: 1,
      failed: 0,
      pending: 0,
      period: 'day',
      providers: { jahez: { total: 1, successful: 1, failed: 0 } },
    })
  })

  it.each(SPEC_PROVIDERS)('takes an order of %s all the way', async (provider) => {
    const registered = await app.register({ provider, clientId: `all-${provider}`, url: `${pos.url}/all-${provider}` })
    const { status, json } = await send(app.url, registered, orderBody(provider, 1))
    expect(status).toBe(200)
    const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === `/all-${provider}` })
    expect(JSON.parse(delivery?.body ?? '{}')).toMatchObject({ id: json.eventId, type: 'order.created', provider })
  })

  it('gives a resend the same event id and delivers it once', async () => {
    const registered = await app.register({ provider: 'talabat', clientId: 'resends', url: `${pos.url}/resends` })
    const body = orderBody('talabat', 'again')
    const first = await send(app.url, registered, body)
    await pos.waitFor(1, { matches: ({ path }) => path === '/resends' })
    const second = await send(app.url, registered, body)
    expect(second.json).toMatchObject({ success: true, eventId: first.json.eventId, duplicate: true })
    await until(
      'the resend is noted',
      async () => (await app.api('GET', '/api/webhooks/logs?clientId=resends')).json.logs[0]?.duplicates === 1,
    )
    expect(pos.received.filter(({ path }) => path === '/resends')).toHaveLength(1)
  })

  it('logs an event nobody asked for as a success without a delivery', async () => {
    const registered = await app.register({
      provider: 'jahez',
      clientId: 'unasked',
      url: pos.url,
      events: ['menu.updated'],
    })
    await send(app.url, registered, orderBody('jahez', 'x'))
    const log = await until('the log is there', async () => {
      const found = (await app.api('GET', '/api/webhooks/logs?clientId=unasked')).json.logs[0]
      return found?.status === 'success' && found
    })
    expect(log).toMatchObject({ stage: 'dispatched', attempts: [], response: null })
  })

  it('accepts, logs and delivers an event type the provider table does not know, as unknown', async () => {
    const registered = await app.register({ provider: 'careem', clientId: 'novel', url: `${pos.url}/novel` })
    const body = JSON.stringify({
      event_type: 'order.teleported',
      timestamp: new Date().toISOString(),
      data: { anything: [1] },
    })
    expect((await send(app.url, registered, body)).status).toBe(200)
    const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === '/novel' })
    expect(JSON.parse(delivery?.body ?? '{}')).toMatchObject({
      type: 'unknown',
      source: { eventType: 'order.teleported', payload: { data: { anything: [1] } } },
    })
  })
})

describe('the signature vectors', () => {
  it.each(vectors)(
    'accepts $name at its time, and refuses it with one byte changed',
    async ({ name, file, headers, secret }) => {
      const vectorApp = await startTestApp({ now: () => new Date(AT) })
      try {
        const [provider] = file.split('/') as ['careem' | 'talabat' | 'deliveroo' | 'jahez']
        const secretKey = secret === '-' ? Object.values(headers)[0]?.replace('Bearer ', '') : secret
        const { credentials } = await vectorApp.register({
          provider,
          clientId: 'client_test',
          url: pos.url,
          ...(secretKey && { secretKey }),
        })
        const body = fixture(file)
        // The vectors carry an API key of their own; ours is made at registration and is not part of what is signed.
        const sent = {
          ...headers,
          ...(credentials.apiKey && { Authorization: `Bearer ${credentials.apiKey}` }),
          'content-type': 'application/json',
        }
        const post = (bytes: Buffer, extra: Record<string, string> = {}) =>
          fetch(`${vectorApp.url}/webhooks/${provider}/client_test`, {
            method: 'POST',
            headers: { ...sent, ...extra },
            body: new Uint8Array(bytes),
          })
        expect((await post(body)).status, name).toBe(200)
        const changed = Buffer.from(body)
        changed[changed.length - 2] = 0x20
        changed[changed.indexOf('2026')] = 0x33
        const isSigned = Object.keys(headers).some((header) => /signature|hmac/i.test(header))
        if (isSigned) expect((await post(changed)).status, name).toBe(401)
        const [keyHeader = '', keyValue = ''] = Object.entries(headers).at(-1) ?? []
        const last = keyValue.at(-2)
        expect(
          (await post(body, { [keyHeader]: `${keyValue.slice(0, -2)}${last === 'a' ? 'b' : 'a'}${keyValue.at(-1)}` }))
            .status,
          name,
        ).toBe(401)
      } finally {
        await vectorApp.stop()
      }
    },
  )
})
