import { describe, expect, it } from 'vitest'
import type { Json } from '../../support/app.js'
import { createTestGraph } from '../../support/graph.js'
import { aClient, aLog, NOW } from '../../support/memory-ports.js'

const LOGS =
  'query ($first: Int, $after: String) { logs(first: $first, after: $after) { totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }'

describe('logs', () => {
  it('are paged newest first by their cursors', async () => {
    const test = createTestGraph()
    for (let n = 0; n < 5; n += 1)
      test.logs.push(aLog(`evt_${n}`, 'c1', { timestamp: new Date(NOW.getTime() + n).toISOString() }))
    const pages: string[][] = []
    let after: string | null = null
    do {
      const { data }: Json = await test.graphql(LOGS, { first: 2, after })
      const { logs } = data
      expect(logs.totalCount).toBe(5)
      pages.push(logs.edges.map((edge: { node: { id: string } }) => edge.node.id))
      after = logs.pageInfo.hasNextPage ? logs.pageInfo.endCursor : null
    } while (after !== null)
    expect(pages).toEqual([['evt_4', 'evt_3'], ['evt_2', 'evt_1'], ['evt_0']])
  })

  it('show the payload and the attempts', async () => {
    const test = createTestGraph()
    test.logs.push(aLog('evt_1', 'c1'))
    const { data } = await test.graphql(
      '{ log(id: "evt_1") { provider status stage type payload canonical duplicates attempts { result statusCode deadReason } } }',
    )
    expect(data.log).toMatchObject({
      provider: 'CAREEM',
      status: 'FAILED',
      stage: 'DEAD',
      type: 'order.created',
      payload: { event_type: 'order.created' },
      attempts: [{ result: 'dead', statusCode: 500, deadReason: 'retries_exhausted' }],
    })
  })
})

describe('configuration', () => {
  it('is registered, read and changed', async () => {
    const test = createTestGraph()
    const made = await test.graphql(
      'mutation ($input: RegisterWebhookInput!) { registerWebhook(input: $input) { url secretKey apiKey signingSecret webhook { id provider status events } } }',
      { input: { clientId: 'c1', provider: 'CAREEM', url: 'https://pos.example.com/hook', events: ['*'] } },
    )
    expect(made.errors).toEqual([])
    expect(made.data.registerWebhook).toMatchObject({
      url: 'https://gateway.example.com/webhooks/careem/c1',
      webhook: { provider: 'CAREEM', status: 'ACTIVE' },
    })
    const changed = await test.graphql(
      'mutation { updateConfig(clientId: "c1", input: { retryPolicy: { maxRetries: 9 } }) { retryPolicy { maxRetries retryDelays } } }',
    )
    expect(changed.data.updateConfig.retryPolicy).toEqual({ maxRetries: 9, retryDelays: [1_000, 5_000, 10_000] })
    const read = await test.graphql(
      '{ config(clientId: "c1") { retryPolicy { maxRetries } webhooks { id } } webhooks { id url } }',
    )
    expect(read.data.config).toEqual({
      retryPolicy: { maxRetries: 9 },
      webhooks: [{ id: made.data.registerWebhook.webhook.id }],
    })
  })

  it('starts with the settings the gateway is set up with', async () => {
    const { clientSettingsSchema } = await import('../../../src/domain/client.js')
    const test = createTestGraph(undefined, {
      defaults: clientSettingsSchema.parse({ security: { rateLimiting: { maxRequests: 77 } } }),
    })
    await test.graphql(
      'mutation { registerWebhook(input: { clientId: "c1", provider: JAHEZ, url: "https://pos.example.com", events: ["*"] }) { url } }',
    )
    expect(test.clients.get('c1')?.settings.security.rateLimiting.maxRequests).toBe(77)
  })
})

it('health, providers, stats and retryStats answer', async () => {
  const test = createTestGraph()
  test.logs.push(aLog('evt_1', 'c1'))
  const { data, errors } = await test.graphql(
    '{ health { status database } providers { name title events } stats(period: HOUR) { total failed period recentEvents { id } } retryStats { dead } }',
  )
  expect(errors).toEqual([])
  expect(data).toMatchObject({
    health: { status: 'ok' },
    stats: { total: 1, failed: 1, period: 'HOUR', recentEvents: [{ id: 'evt_1' }] },
    retryStats: { dead: 1 },
  })
  expect(data.providers.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['CAREEM', 'UBER_EATS']),
  )
})

describe('an error', () => {
  it('the caller can act on names its code and the fields', async () => {
    const test = createTestGraph()
    const { errors } = await test.graphql(
      'mutation { registerWebhook(input: { clientId: "c1", provider: JAHEZ, url: "nowhere", events: ["*"] }) { url } }',
    )
    expect(errors).toMatchObject([
      { path: ['registerWebhook'], extensions: { code: 'BAD_USER_INPUT', details: [{ path: 'url' }] } },
    ])
  })

  it('of ours is masked, and told to the log', async () => {
    const cause = new Error('mongodb://user:password@db refused')
    const test = createTestGraph()
    test.ports.logs.findLog = async () => Promise.reject(cause)
    const { errors, codes, data } = await test.graphql('{ log(id: "evt_1") { id } }')
    expect(codes).toEqual(['INTERNAL_SERVER_ERROR'])
    expect(JSON.stringify(errors)).not.toContain('password')
    expect(data).toEqual({ log: null })
    expect(test.errors).toEqual([cause])
  })
})

describe('GET /graphql in a browser', () => {
  const get = (headers: Record<string, string>, query = '') =>
    createTestGraph().call('get', `/graphql${query}`, { viewer: null, headers })

  it('is GraphiQL, with everything it needs inside', async () => {
    const { status, response, json } = await get({ accept: 'text/html' })
    expect(status).toBe(200)
    expect(response.headers?.['content-type']).toContain('text/html')
    expect(json).not.toMatch(/(src|href)="https?:/)
  })

  it('is GraphiQL also with an operation in the address, which it keeps there', async () => {
    const { status, response } = await get(
      { accept: 'text/html', 'accept-encoding': 'gzip, br' },
      '?query=%7Bhealth%7Bstatus%7D%7D',
    )
    expect(status).toBe(200)
    expect(response.headers?.['content-encoding']).toBe('gzip')
  })
})

it("a client's settings are read without its secrets", async () => {
  const test = createTestGraph()
  test.clients.set('c1', aClient('c1'))
  const { data } = await test.graphql('{ __type(name: "Webhook") { fields { name } } }')
  expect(data.__type.fields.map(({ name }: { name: string }) => name)).not.toEqual(
    expect.arrayContaining(['secretKey']),
  )
  expect(JSON.stringify((await test.call('get', '/api/webhooks/config/c1')).json)).not.toMatch(/secret-of|key-of|whsec/)
})
