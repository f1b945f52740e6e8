import { describe, expect, it } from 'vitest'
import { createTestGraph } from '../../support/graph.js'
import { aClient, aLog, anAttempt } from '../../support/memory-ports.js'

describe.each(['/api/webhooks', '/api/v1/webhooks'])('%s', (base) => {
  it('registers (201) and shows the secrets', async () => {
    const { status, json } = await createTestGraph().call('post', `${base}/register`, {
      body: {
        clientId: 'client_123',
        provider: 'careem',
        url: 'https://client.example.com/webhook',
        events: ['order.created', 'order.updated'],
        secretKey: 'optional_custom_secret',
      },
    })
    expect(status).toBe(201)
    expect(json).toEqual({
      webhookId: expect.stringMatching(/^wh_/),
      url: 'https://gateway.example.com/webhooks/careem/client_123',
      secretKey: 'optional_custom_secret',
      status: 'active',
      signingSecret: expect.stringMatching(/^whsec_/),
      apiKey: expect.any(String),
    })
  })

  it('lists logs', async () => {
    const test = createTestGraph()
    test.logs.push(aLog('evt_1', 'c1'), aLog('evt_2', 'c2'))
    const { status, json } = await test.call('get', `${base}/logs?clientId=c1&status=failed&limit=1`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ total: 1, limit: 1, offset: 0 })
    expect(json.logs).toMatchObject([
      {
        id: 'evt_1',
        provider: 'careem',
        clientId: 'c1',
        event: 'order.created',
        status: 'failed',
        responseTime: 12,
        payload: { event_type: 'order.created' },
        response: { statusCode: 500, body: 'no' },
      },
    ])
  })

  it('counts', async () => {
    const test = createTestGraph()
    test.logs.push(aLog('evt_1', 'c1'))
    const { json } = await test.call('get', `${base}/stats`)
    expect(json).toMatchObject({
      total: 1,
      successful: 0,
      failed: 1,
      pending: 0,
      avgResponseTime: 0,
      providers: {},
      period: 'day',
    })
    expect(json.recentEvents).toHaveLength(1)
  })

  it('retries', async () => {
    const test = createTestGraph()
    test.logs.push(aLog('evt_1', 'c1'))
    const { status, json } = await test.call('post', `${base}/retry/evt_1`)
    expect([status, json]).toEqual([200, { success: true, message: 'Webhook retry initiated', logId: 'evt_1' }])
    expect((await test.call('get', `${base}/retry/stats`)).json).toMatchObject({ dead: 1, scheduled: 0 })
  })

  it('reads and changes a configuration', async () => {
    const test = createTestGraph()
    test.clients.set('c1', aClient('c1'))
    const changed = await test.call('put', `${base}/config/c1`, { body: { retryPolicy: { maxRetries: 5 } } })
    expect(changed.json).toMatchObject({
      clientId: 'c1',
      webhooks: [{ id: 'wh_c1' }],
      retryPolicy: { maxRetries: 5, exponentialBackoff: true },
      security: { ipWhitelist: [] },
    })
    expect((await test.call('get', `${base}/config/c1`)).json).toEqual(changed.json)
  })
})

it.each([
  ['get', '/logs?limit=0'],
  ['get', '/logs?limit=101'],
  ['get', '/logs?limit=ten'],
  ['get', '/logs?offset=-1'],
  ['get', '/logs?status=done'],
  ['get', '/logs?provider=nobody'],
  ['get', '/logs?clientId=a.b'],
  ['get', '/logs?startDate=yesterday'],
  ['get', '/logs?startDate=2026-03-15&endDate=2026-03-14'],
  ['get', '/stats?period=year'],
  ['get', '/stats?period=__proto__'],
])('%s %s is refused with 400', async (method, path) => {
  const { status, json } = await createTestGraph().call(method, `/api/webhooks${path}`)
  expect([status, json.error.code]).toEqual([400, 'invalid_request'])
})

it.each(['', '{', '"text"', 'null', '[]', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')])(
  'a registration whose body is %j is refused with 400',
  async (body) => {
    const { status, json } = await createTestGraph().call('post', '/api/webhooks/register', { body })
    expect([status, json.error.code]).toEqual([400, 'invalid_request'])
  },
)

it.each([
  ['get', '/config/nobody', 404],
  ['put', '/config/nobody', 404],
  ['post', '/retry/evt_nobody', 404],
  ['post', '/retry/evt_done', 409],
])('%s %s answers %s', async (method, path, expected) => {
  const test = createTestGraph()
  test.logs.push(
    aLog('evt_done', 'c1', {
      stage: 'delivered',
      status: 'success',
      attempts: [anAttempt('wh_c1', { result: 'delivered' })],
    }),
  )
  const { status, json } = await test.call(method, `/api/webhooks${path}`, { body: '{}' })
  expect(status).toBe(expected)
  expect(json.error).toMatchObject({ code: expected === 404 ? 'not_found' : 'conflict', message: expect.any(String) })
})

it('a payload is answered as it was sent, whatever its keys; one that is no JSON as its text', async () => {
  const test = createTestGraph()
  test.logs.push(
    aLog('evt_1', 'c1', { payload: '{"__proto__":{"a":1},"constructor":2}' }),
    aLog('evt_0', 'c1', { payload: 'no {json' }),
  )
  const { response } = await test.call('get', '/api/webhooks/logs')
  expect(String(response.body)).toContain('"payload":{"__proto__":{"a":1},"constructor":2}')
  expect(String(response.body)).toContain('"payload":"no {json"')
  const graphql = await test.call('post', '/graphql', { body: { query: '{ log(id: "evt_1") { payload } }' } })
  expect(String(graphql.response.body)).toContain('{"__proto__":{"a":1},"constructor":2}')
})
