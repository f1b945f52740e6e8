import { afterEach, expect, it } from 'vitest'
import { signToken } from '../../src/graph/auth.js'
import { matchAddresses } from '../../src/http/client-address.js'
import { createHttpServer } from '../../src/http/server.js'
import { until } from '../support/app.js'
import { createTestGraph, JWT_SECRET } from '../support/graph.js'
import { aDuplicate, createMemoryPorts, NOW } from '../support/memory-ports.js'

// Server-sent events, for those who cannot use WebSockets: a real server and real connections.

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start() {
  const test = createTestGraph(createMemoryPorts())
  const server = createHttpServer({
    routes: test.graph.routes,
    isTrustedProxy: matchAddresses([]),
    bodyTimeoutMs: 30_000,
    onError: (error) => test.errors.push(error),
    attach: test.graph.sockets.attach,
  })
  const port = await server.listen(0, '127.0.0.1')
  cleanups.push(async () => {
    test.graph.close()
    await server.close(1_000)
  })
  const subscribe = async (after?: string, token?: string) => {
    const leaving = new AbortController()
    cleanups.push(() => leaving.abort())
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${token ?? (await test.token({ role: 'viewer' }))}`,
      },
      body: JSON.stringify({
        query: 'subscription ($after: String) { events(after: $after) { cursor eventId } }',
        variables: { after },
      }),
      signal: leaving.signal,
    })
    return { response, leave: () => leaving.abort(), text: response.body?.pipeThrough(new TextDecoderStream()) }
  }
  return Object.assign(test, { subscribe, server })
}

/** The cursors of the next `count` events. */
async function cursors(text: ReadableStream<string> | undefined, count: number): Promise<string[]> {
  const found: string[] = []
  let rest = ''
  for await (const chunk of text ?? []) {
    const events = (rest + chunk).split('\n\n')
    rest = events.pop() ?? ''
    found.push(...events.flatMap((event) => /"cursor":"(\d+)"/.exec(event)?.[1] ?? []))
    if (found.length >= count) return found
  }
  return ['ended', ...found]
}

it('resume after a cursor and go on live, without gap or duplicate', async () => {
  const test = await start()
  for (let n = 0; n < 300; n += 1) test.append(aDuplicate('c1'))
  const { response, text } = await test.subscribe('100')
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/event-stream'),
  ])
  for (let n = 0; n < 200; n += 1) test.append(aDuplicate('c1'))
  expect(await cursors(text, 400)).toEqual(Array.from({ length: 400 }, (_, n) => String(n + 101)))
})

it('leave nothing behind when the peer goes', async () => {
  const test = await start()
  const { leave } = await test.subscribe()
  await until('subscribed', () => test.subscriptions() === 1)
  leave()
  await until('ended', () => test.subscriptions() === 0 && test.server.inFlight() === 0)
  expect(test.errors).toEqual([])
})

it('end when the server goes and when the token does, so that the client comes again', async () => {
  const test = await start()
  const token = await signToken(JWT_SECRET, { role: 'viewer' }, { ttlSeconds: 1, now: NOW })
  const short = await test.subscribe(undefined, token)
  expect(await cursors(short.text, 1)).toEqual(['ended'])
  const long = await test.subscribe()
  await until('subscribed', () => test.subscriptions() === 1)
  test.graph.close()
  expect(await cursors(long.text, 1)).toEqual(['ended'])
  await until('ended', () => test.subscriptions() === 0 && test.server.inFlight() === 0)
})

it('a peer that takes nothing is held at what its connection takes, and others are not held up', async () => {
  const test = await start()
  const total = 2_000
  for (let n = 0; n < total; n += 1) test.append(aDuplicate('c1', `evt_${n}_${'x'.repeat(10_000)}`))
  await test.subscribe('0')
  const { text } = await test.subscribe('0')
  expect(await cursors(text, total)).toHaveLength(total)
})
