import { beforeEach, describe, expect, it } from 'vitest'
import { createTestGraph, type TestGraph } from '../support/graph.js'
import { aClient, aLog, anOrder } from '../support/memory-ports.js'

// A token of one client sees and touches that client only; of another it cannot even tell that it exists.

const MINE = { role: 'admin', client: 'mine' } as const
let test: TestGraph

beforeEach(() => {
  test = createTestGraph()
  for (const clientId of ['mine', 'theirs']) {
    test.clients.set(clientId, aClient(clientId))
    test.logs.push(aLog(`evt_${clientId}`, clientId))
  }
  test.orders.push(anOrder('ord_theirs', 'theirs'))
})

describe('over REST', () => {
  const rest = (method: string, path: string, body?: unknown) =>
    test.call(method, `/api/webhooks${path}`, { viewer: MINE, body })

  it('lists and counts its own only', async () => {
    const { logs, total } = (await rest('get', '/logs')).json
    expect([logs.map(({ id }: { id: string }) => id), total]).toEqual([['evt_mine'], 1])
    expect((await rest('get', '/stats')).json).toMatchObject({ total: 1, recentEvents: [{ id: 'evt_mine' }] })
    expect((await rest('get', '/retry/stats')).json.dead).toBe(1)
  })

  it.each([
    ['get', '/logs?clientId=theirs', undefined],
    ['get', '/stats?clientId=theirs', undefined],
    ['get', '/config/theirs', undefined],
    ['put', '/config/theirs', { retryPolicy: { maxRetries: 0 } }],
    ['post', '/retry/evt_theirs', undefined],
    ['post', '/register', { clientId: 'theirs', provider: 'jahez', url: 'https://evil.example.com', events: ['*'] }],
  ])('%s %s is not found', async (method, path, body) => {
    expect((await rest(method, path, body)).status).toBe(404)
    expect(test.retried).toEqual([])
    expect(test.clients.get('theirs')).toEqual(aClient('theirs'))
  })

  it("answers another's client exactly as one that does not exist", async () => {
    expect((await rest('get', '/config/theirs')).json).toEqual((await rest('get', '/config/nobody')).json)
    expect((await rest('post', '/retry/evt_theirs')).json).toEqual((await rest('post', '/retry/evt_nobody')).json)
  })
})

describe('over GraphQL', () => {
  it('lists its own only', async () => {
    const { data } = await test.graphql(
      '{ logs { totalCount edges { node { clientId } } } webhooks { clientId } stats { total recentEvents { clientId } } }',
      undefined,
      MINE,
    )
    expect(JSON.stringify(data)).not.toContain('theirs')
    expect(data).toMatchObject({ logs: { totalCount: 1 }, webhooks: [{ clientId: 'mine' }], stats: { total: 1 } })
  })

  it.each([
    '{ log(id: "evt_theirs") { id } }',
    '{ logs(filter: { clientId: "theirs" }) { totalCount } }',
    '{ stats(clientId: "theirs") { total } }',
    '{ webhook(id: "wh_theirs") { id } }',
    '{ webhooks(clientId: "theirs") { id } }',
    '{ config(clientId: "theirs") { clientId } }',
    '{ order(id: "ord_theirs") { id } }',
    'mutation { retryLog(id: "evt_theirs") { success } }',
    'mutation { updateConfig(clientId: "theirs", input: { retryPolicy: { maxRetries: 0 } }) { clientId } }',
    'mutation { registerWebhook(input: { clientId: "theirs", provider: JAHEZ, url: "https://evil.example.com", events: ["*"] }) { url } }',
  ])('%s is not found', async (query) => {
    expect((await test.graphql(query, undefined, MINE)).codes).toEqual(['NOT_FOUND'])
    expect(test.retried).toEqual([])
    expect(test.clients.get('theirs')).toEqual(aClient('theirs'))
  })
})
