import { describe, expect, it } from 'vitest'
import { MAX_LISTED_WEBHOOKS } from '../../src/graph/operations/change-webhook.js'
import { createTestGraph, handlerOf } from '../support/graph.js'
import { aClient, aLog } from '../support/memory-ports.js'

// One operation may ask only so much, and what is too much is refused before it costs anything.

const deep = (levels: number) => `{ ${'a { '.repeat(levels)}b${' }'.repeat(levels)} }`
/** Each fragment spreads the next twice: measured at every spread, 2^200 steps. */
const doubling = (length: number) =>
  `{ ...f0 } ${Array.from({ length }, (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f${length} on Query { health { status } }`

describe('an operation', () => {
  it.each([
    ['is too deep', /deeper than 15/, deep(40)],
    [
      'has too many aliases',
      /more than 30 aliases/,
      `{ ${Array.from({ length: 31 }, (_, n) => `a${n}: health { status }`).join(' ')} }`,
    ],
    ['is too long', /tokens/, `{ ${'health { status } '.repeat(1_000)} }`],
    ['spreads a fragment in itself', /within itself/, '{ ...f } fragment f on Query { ...f }'],
    ['is no GraphQL', /Syntax Error/, '{'],
    ['is empty', /Syntax Error/, ''],
  ])('that %s is refused before it runs', async (_, why, query) => {
    const test = createTestGraph()
    let asked = 0
    test.ports.health = async () => {
      asked += 1
      throw new Error('it ran')
    }
    const { data, errors } = await test.graphql(query)
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringMatching(why))
    expect([data ?? null, asked, test.errors]).toEqual([null, 0, []])
  })

  it('whose fragments double at every step is measured in no time', async () => {
    const startedAt = performance.now()
    await createTestGraph().graphql(doubling(150))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it.each([
    ['pages', Array.from({ length: 11 }, (_, n) => `a${n}: logs(first: 100) { totalCount }`)],
    ['counts', Array.from({ length: 21 }, (_, n) => `a${n}: stats(period: MONTH) { total }`)],
  ])('does not multiply %s by aliases', async (_, fields) => {
    const { codes } = await createTestGraph().graphql(`{ ${fields.join(' ')} }`)
    expect(codes).toContain('BAD_USER_INPUT')
  })

  it('gets no more registrations at once than are read, nor many times', async () => {
    const test = createTestGraph()
    for (let n = 0; n < MAX_LISTED_WEBHOOKS + 10; n += 1) test.clients.set(`c${n}`, aClient(`c${n}`))
    expect((await test.graphql('{ webhooks { id } }')).data.webhooks).toHaveLength(MAX_LISTED_WEBHOOKS)
    const fields = Array.from({ length: 21 }, (_, n) => `a${n}: webhooks { id }`)
    expect((await test.graphql(`{ ${fields.join(' ')} }`)).codes).toContain('BAD_USER_INPUT')
  })

  it.each([0, 101, -1])('does not get a page of %s', async (first) => {
    expect((await createTestGraph().graphql(`{ logs(first: ${first}) { totalCount } }`)).codes).toEqual([
      'BAD_USER_INPUT',
    ])
  })

  it.each(['forged', '', Buffer.from('["log","2026-03-14T00:00:00Z",{"$gt":""}]').toString('base64url')])(
    'does not get on with the cursor "%s"',
    async (after) => {
      expect(
        (await createTestGraph().graphql('query ($after: String) { logs(after: $after) { totalCount } }', { after }))
          .codes,
      ).toEqual(['BAD_USER_INPUT'])
    },
  )

  it('that tools use to read the schema is let through', async () => {
    const { getIntrospectionQuery } = await import('graphql')
    expect((await createTestGraph().graphql(getIntrospectionQuery())).errors).toEqual([])
  })
})

describe('a request', () => {
  it('with a batch of operations is refused', async () => {
    const { status } = await createTestGraph().call('post', '/graphql', {
      body: [{ query: '{ health { status } }' }, { query: '{ health { status } }' }],
    })
    expect(status).toBe(400)
  })

  it('that would change something by GET is refused', async () => {
    const test = createTestGraph()
    test.logs.push(aLog('evt_1', 'c1'))
    const { status } = await test.call(
      'get',
      `/graphql?query=${encodeURIComponent('mutation { retryLog(id: "evt_1") { success } }')}`,
    )
    expect([status, test.retried]).toEqual([405, []])
  })

  it.each(['application/json', '*/*', 'multipart/mixed'])(
    'that subscribes over HTTP (%s) is told where to, and leaves nothing running',
    async (accept) => {
      const test = createTestGraph()
      const { status, response } = await test.call('post', '/graphql', {
        headers: { accept },
        body: { query: 'subscription { events { cursor } }' },
      })
      if (status !== 406) expect(String(response.body)).toContain('Subscriptions are served over WebSocket')
      expect(test.subscriptions()).toBe(0)
    },
  )

  it('that goes away is nobody’s error', async () => {
    const test = createTestGraph()
    const gone = new AbortController()
    test.ports.health = async () => {
      gone.abort()
      return new Promise(() => undefined)
    }
    const route = test.graph.routes.find(({ pattern }) => pattern === '/graphql')
    const headers = new Map([
      ['content-type', 'application/json'],
      ['authorization', `Bearer ${await test.token()}`],
    ])
    const body = Buffer.from(JSON.stringify({ query: '{ health { status } }' }))
    const answer = handlerOf(route)({
      method: 'post',
      path: '/graphql',
      query: '',
      header: (name) => headers.get(name),
      remoteAddress: '127.0.0.1',
      params: [],
      body,
      signal: gone.signal,
    })
    // It ends, although what it asked for never comes.
    await expect(answer).resolves.toMatchObject({ status: 408 })
    expect(test.errors).toEqual([])
  })
})
