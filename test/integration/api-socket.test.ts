import { type Client, createClient } from 'graphql-ws'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Fact } from '../../src/domain/activity.js'
import { signToken, type Viewer } from '../../src/graph/auth.js'
import type { GraphOptions } from '../../src/graph/graph.js'
import { matchAddresses } from '../../src/http/client-address.js'
import { createHttpServer } from '../../src/http/server.js'
import { type Json, until } from '../support/app.js'
import { createTestGraph, JWT_SECRET, type TestGraph } from '../support/graph.js'
import { aDuplicate, createMemoryPorts, NOW } from '../support/memory-ports.js'

// The socket as clients meet it: a real server and real connections; only what is behind the API is in memory.

type Running = TestGraph & { readonly url: string }
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: Partial<GraphOptions> = {}): Promise<Running> {
  const test = createTestGraph(createMemoryPorts(), options)
  const server = createHttpServer({
    routes: test.graph.routes,
    isTrustedProxy: matchAddresses([]),
    bodyTimeoutMs: 30_000,
    onError: (error) => test.errors.push(error),
    attach: test.graph.sockets.attach,
  })
  const port = await server.listen(0, '127.0.0.1')
  cleanups.push(async () => {
    test.graph.sockets.close()
    await server.close(1_000)
  })
  return Object.assign(test, { url: `ws://127.0.0.1:${port}/graphql` })
}

async function connect(test: Running, viewer: Viewer = { role: 'viewer' }): Promise<Client> {
  const authorization = `Bearer ${await test.token(viewer)}`
  const client = createClient({
    url: test.url,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
    lazyCloseTimeout: 0,
  })
  cleanups.push(() => client.dispose())
  return client
}

/** A socket spoken to by hand: what it got, and how it was closed. */
function openRaw(
  test: Running,
  { protocol = 'graphql-transport-ws', headers = {} }: { protocol?: string; headers?: Record<string, string> } = {},
) {
  const socket = new WebSocket(test.url, protocol, { headers })
  const messages: Json[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  const opened = new Promise<void>((resolve, reject) => socket.on('open', resolve).on('error', reject))
  socket.on('message', (data) => messages.push(JSON.parse(data.toString())))
  cleanups.push(() => socket.terminate())
  const send = (message: object) => socket.send(JSON.stringify(message))
  const acknowledged = () =>
    until('the connection is acknowledged', () => messages.some(({ type }) => type === 'connection_ack'))
  return { socket, messages, closed, opened, send, acknowledged }
}

async function openAcknowledged(test: Running, viewer: Viewer = { role: 'viewer' }) {
  const raw = openRaw(test)
  await raw.opened
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${await test.token(viewer)}` } })
  await raw.acknowledged()
  return raw
}

const EVENTS =
  'subscription ($after: String, $filter: EventFilter) { events(after: $after, filter: $filter) { cursor kind clientId eventId stage } }'

/** The next `count` cursors of a subscription, which is then left. */
async function cursors(client: Client, variables: Record<string, unknown>, count: number): Promise<string[]> {
  const got: string[] = []
  for await (const { data, errors } of client.iterate<{ events: { cursor: string } }>({ query: EVENTS, variables })) {
    if (errors) throw errors[0]
    if (data) got.push(data.events.cursor)
    if (got.length === count) break
  }
  return got
}

describe('the subscription events', () => {
  it('gives what happens from now on', async () => {
    const test = await start()
    test.append(aDuplicate('c1'))
    const got = cursors(await connect(test), {}, 2)
    await until('subscribed', () => test.subscriptions() === 1)
    test.append(aDuplicate('c1'))
    test.append(aDuplicate('c2'))
    expect(await got).toEqual(['2', '3'])
  })

  it('gives the gap after a cursor first, without loss or duplicate, while more comes in', async () => {
    const test = await start()
    const client = await connect(test)
    for (let n = 0; n < 500; n += 1) test.append(aDuplicate('c1'))
    const got = cursors(client, { after: '100' }, 900)
    await until('subscribed', () => test.subscriptions() === 1)
    for (let n = 0; n < 500; n += 1) test.append(aDuplicate('c1'))
    expect(await got).toEqual(Array.from({ length: 900 }, (_, n) => String(n + 101)))
  })

  it('gives a token of one client that client’s events only', async () => {
    const test = await start()
    for (const clientId of ['theirs', 'mine', 'theirs', 'mine']) test.append(aDuplicate(clientId))
    expect(await cursors(await connect(test, { role: 'viewer', client: 'mine' }), { after: '0' }, 2)).toEqual([
      '2',
      '4',
    ])
  })

  it('is refused for another client’s events', async () => {
    const test = await start()
    const client = await connect(test, { role: 'admin', client: 'mine' })
    await expect(cursors(client, { filter: { clientId: 'theirs' } }, 1)).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    })
  })

  it('says that a cursor is no longer kept, or was never given', async () => {
    const test = await start()
    test.keepFrom = 10
    const client = await connect(test)
    await expect(firstError(client, { after: '3' })).resolves.toMatchObject({ extensions: { code: 'CURSOR_EXPIRED' } })
    await expect(firstError(client, { after: 'forged' })).resolves.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('does not tell what broke behind it', async () => {
    const test = await start()
    test.ports.activity.subscribe = () => {
      throw new Error('nats://user:password@nats')
    }
    const error = await firstError(await connect(test), {})
    expect(error).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(JSON.stringify(error)).not.toContain('password')
    expect(test.errors).toHaveLength(1)
  })

  it('does not tell what broke while it ran either', async () => {
    const test = await start()
    test.ports.activity.subscribe = async function* () {
      yield { cursor: '1', fact: aDuplicate('c1') }
      throw new Error('nats://user:password@nats')
    }
    const error = await firstError(await connect(test), {})
    expect(error).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(JSON.stringify(error)).not.toContain('password')
  })
})

/** However it comes: as a result's error, or as the end of the operation. */
async function firstError(client: Client, variables: Record<string, unknown>): Promise<unknown> {
  try {
    for await (const { errors } of client.iterate({ query: EVENTS, variables })) if (errors) return errors[0]
  } catch (error) {
    return Array.isArray(error) ? error[0] : error
  }
  return 'ended without an error'
}

describe('a subscription leaves nothing behind', () => {
  it('when the client completes it', async () => {
    const test = await start()
    const raw = await openAcknowledged(test)
    raw.send({ id: '1', type: 'subscribe', payload: { query: EVENTS } })
    await until('subscribed', () => test.subscriptions() === 1)
    raw.send({ id: '1', type: 'complete' })
    await until('ended', () => test.subscriptions() === 0)
    expect(test.graph.sockets.connections()).toBe(1)
  })

  it('when the client vanishes', async () => {
    const test = await start()
    const raw = await openAcknowledged(test)
    for (const id of ['1', '2', '3']) raw.send({ id, type: 'subscribe', payload: { query: EVENTS } })
    await until('subscribed', () => test.subscriptions() === 3)
    raw.socket.terminate()
    await until('ended', () => test.subscriptions() === 0 && test.graph.sockets.connections() === 0)
  })

  it('when the server goes', async () => {
    const test = await start()
    const raw = await openAcknowledged(test)
    raw.send({ id: '1', type: 'subscribe', payload: { query: EVENTS } })
    await until('subscribed', () => test.subscriptions() === 1)
    test.graph.sockets.close()
    expect((await raw.closed).code).toBe(1001)
    expect(test.subscriptions()).toBe(0)
  })
})

describe('a socket is closed', () => {
  it('4403 when its token is missing or not valid', async () => {
    const test = await start()
    for (const payload of [undefined, {}, { authorization: 'Bearer forged' }, { authorization: { $ne: '' } }]) {
      const raw = openRaw(test)
      await raw.opened
      raw.send({ type: 'connection_init', payload })
      expect((await raw.closed).code).toBe(4403)
    }
  })

  it('4401 when it asks before it says who it is', async () => {
    const raw = openRaw(await start())
    await raw.opened
    raw.send({ id: '1', type: 'subscribe', payload: { query: EVENTS } })
    expect((await raw.closed).code).toBe(4401)
  })

  it('4403 when its token ends', async () => {
    const test = await start()
    const raw = openRaw(test)
    await raw.opened
    // The test's clock stands still; the token has a second to live.
    raw.send({
      type: 'connection_init',
      payload: { authorization: await signToken(JWT_SECRET, { role: 'viewer' }, { ttlSeconds: 1, now: NOW }) },
    })
    await raw.acknowledged()
    expect(await raw.closed).toEqual({ code: 4403, reason: 'Token expired' })
  })

  it('4406 when it speaks another protocol', async () => {
    const raw = openRaw(await start(), { protocol: 'graphql-ws' })
    expect((await raw.closed).code).toBe(4406)
  })

  it.each(['{', 'null', '{"type":"nonsense"}', '{"type":"subscribe"}'])('4400 when it sends %s', async (text) => {
    const raw = await openAcknowledged(await start())
    raw.socket.send(text)
    expect((await raw.closed).code).toBe(4400)
  })

  it('when it sends more than 256 KiB at once', async () => {
    const test = await start()
    const raw = await openAcknowledged(test)
    raw.send({ id: '1', type: 'subscribe', payload: { query: `# ${'x'.repeat(300 * 1024)}` } })
    await raw.closed
    expect(test.graph.sockets.connections()).toBe(0)
  })
})

it('a token in the upgrade request counts too', async () => {
  const test = await start()
  const raw = openRaw(test, { headers: { authorization: `Bearer ${await test.token({ role: 'viewer' })}` } })
  await raw.opened
  raw.send({ type: 'connection_init' })
  await raw.acknowledged()
})

it('limits hold on the socket as over HTTP, and an error ends its operation, not the socket', async () => {
  const test = await start()
  const raw = await openAcknowledged(test)
  const aliases = Array.from({ length: 31 }, (_, n) => `a${n}: health { status }`).join(' ')
  for (const [id, query] of [
    ['1', `{ ${aliases} }`],
    ['2', '{'],
    ['3', '{ logs(first: 1000) { totalCount } }'],
  ])
    raw.send({ id, type: 'subscribe', payload: { query } })
  raw.send({ id: '4', type: 'subscribe', payload: { query: '{ health { status } }' } })
  const ofId = (id: string) => raw.messages.filter((message) => message.id === id)
  await until('answered', () => ofId('4').length === 2 && ofId('3').length === 2)
  expect([ofId('1')[0].type, ofId('2')[0].type]).toEqual(['error', 'error'])
  expect(ofId('3')[0].payload.errors[0].extensions.code).toBe('BAD_USER_INPUT')
  expect(ofId('4')[0].payload).toEqual({ data: { health: { status: 'ok' } } })
})

it('one socket runs a hundred operations at a time and no more', async () => {
  const test = await start()
  const raw = await openAcknowledged(test)
  for (let n = 0; n <= 100; n += 1) raw.send({ id: String(n), type: 'subscribe', payload: { query: EVENTS } })
  await until('refused', () => raw.messages.some(({ type, id }) => type === 'error' && id === '100'))
  await until('subscribed', () => test.subscriptions() === 100)
})

describe('a subscriber that stops reading', () => {
  const big = (n: number): Fact => ({ ...aDuplicate('c1', `evt_${n}_${'x'.repeat(20_000)}`) })
  const QUERY = 'subscription { events(after: "0") { cursor eventId } }'

  it('is closed LAGGED (4408), having been sent no more than it could take; others are not held up; its last cursor resumes it', async () => {
    const test = await start({ stallMs: 300 })
    const total = 2_000
    for (let n = 0; n < total; n += 1) test.append(big(n))
    const slow = await openAcknowledged(test)
    slow.socket.pause()
    slow.send({ id: '1', type: 'subscribe', payload: { query: QUERY } })
    expect(await cursors(await connect(test), { after: '0' }, total)).toHaveLength(total)
    await until('let go', () => test.graph.sockets.connections() <= 1 && test.subscriptions() === 0)
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 4408, reason: 'LAGGED' })
    const seen = slow.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload.data.events.cursor)
    expect(seen.length).toBeLessThan(total)
    expect(seen).toEqual(Array.from(seen, (_, n) => String(n + 1)))
    const rest = await cursors(await connect(test), { after: seen.at(-1) ?? '0' }, total - seen.length)
    expect([rest[0], rest.at(-1)]).toEqual([String(seen.length + 1), String(total)])
  })

  it('is closed LAGGED when it goes on asking', async () => {
    const test = await start()
    for (let n = 0; n < 2_000; n += 1) test.append(big(n))
    const slow = await openAcknowledged(test)
    slow.socket.pause()
    // Each is held at its own message; together they are too much.
    for (let n = 0; n < 100; n += 1) slow.send({ id: `s${n}`, type: 'subscribe', payload: { query: QUERY } })
    await until('let go', () => test.graph.sockets.connections() === 0 && test.subscriptions() === 0)
    slow.socket.resume()
    expect((await slow.closed).code).toBe(4408)
  })

  it('goes on where it was when it reads again in time', async () => {
    const test = await start({ stallMs: 20_000 })
    const total = 1_000
    for (let n = 0; n < total; n += 1) test.append(big(n))
    const slow = await openAcknowledged(test)
    slow.socket.pause()
    slow.send({ id: '1', type: 'subscribe', payload: { query: QUERY } })
    await until('subscribed', () => test.subscriptions() === 1)
    slow.socket.resume()
    await until('all read', () => slow.messages.filter(({ type }) => type === 'next').length === total)
    expect(test.graph.sockets.connections()).toBe(1)
  })
})
