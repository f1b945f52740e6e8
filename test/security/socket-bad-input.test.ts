import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { encodeCursor } from '../../src/graph/cursor.js'
import { type Json, startTestApp, type TestApp, until } from '../support/app.js'

// Sockets that break the protocol, against the whole running system: each is closed with the code that says why, leaves
// nothing behind, and nobody else notices.

let app: TestApp
let bystander: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  app = await startTestApp()
  bystander = await openAcknowledged()
  bystander.send({ id: 'here', type: 'subscribe', payload: { query: 'subscription { metrics { at } }' } })
  await until('the bystander is served', () =>
    bystander.messages.some(({ id, type }) => id === 'here' && type === 'next'),
  )
})
afterAll(async () => {
  const seen = bystander.messages.length
  await until('the bystander is still served', () => bystander.messages.length > seen)
  bystander.socket.terminate()
  await app.stop()
})

async function open() {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const messages: Json[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  // A connection that is cut while it sends reports that too; `closed` says how.
  socket.on('error', () => undefined)
  socket.on('message', (data) => messages.push(JSON.parse(data.toString())))
  await new Promise((resolve) => socket.once('open', resolve))
  return { socket, messages, closed, send: (message: object) => socket.send(JSON.stringify(message)) }
}

async function openAcknowledged() {
  const raw = await open()
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${await app.token()}` } })
  await until('acknowledged', () => raw.messages.some(({ type }) => type === 'connection_ack'))
  return raw
}

const SUBSCRIBE = { id: '1', type: 'subscribe', payload: { query: 'subscription { events { cursor } }' } }

describe('a socket is closed', () => {
  it.each([
    ['no JSON', '{', 4400],
    ['no object', '"connection_init"', 4400],
    ['null', 'null', 4400],
    ['an unknown type', '{"type":"nonsense"}', 4400],
    ['a server’s own type', '{"type":"next","id":"1","payload":{}}', 4400],
    ['a subscription without an id', '{"type":"subscribe","payload":{"query":"{ health { status } }"}}', 4400],
    ['an operation that is no text', '{"type":"subscribe","id":"1","payload":{"query":{"a":1}}}', 4400],
    ['bytes', Buffer.from('{"type":"ping"}'), 4400],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe]), 4400],
    ['a message of a megabyte', JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(1024 * 1024) } }), 1006],
  ] as const)('for %s', async (_, message, code) => {
    const raw = await openAcknowledged()
    raw.socket.send(message)
    expect((await raw.closed).code).toBe(code)
  })

  it('4429 when it says who it is twice', async () => {
    const raw = await openAcknowledged()
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${await app.token()}` } })
    expect(await raw.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' })
  })

  it('4429 when it says so twice at once', async () => {
    const raw = await open()
    const payload = { authorization: `Bearer ${await app.token()}` }
    for (let n = 0; n < 2; n += 1) raw.send({ type: 'connection_init', payload })
    expect((await raw.closed).code).toBe(4429)
  })

  it('4408 when it never says who it is', async () => {
    const raw = await open()
    expect(await raw.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
  })

  it('4409 when an id is used by two subscriptions', async () => {
    const raw = await openAcknowledged()
    raw.send(SUBSCRIBE)
    raw.send(SUBSCRIBE)
    expect(await raw.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' })
  })
})

it('an id that is free again may be used again', async () => {
  const raw = await openAcknowledged()
  for (let n = 0; n < 3; n += 1) {
    raw.send({ ...SUBSCRIBE, payload: { query: '{ health { status } }' } })
    const isDone = () => raw.messages.filter(({ type, id }) => type === 'complete' && id === '1').length === n + 1
    await until('answered', isDone)
  }
  raw.socket.close()
  expect((await raw.closed).code).toBe(1005)
})

it.each([
  ['forged', 'BAD_USER_INPUT'],
  ['-1', 'BAD_USER_INPUT'],
  ['1e3', 'BAD_USER_INPUT'],
  ['', 'BAD_USER_INPUT'],
  [encodeCursor('log', { at: new Date(0).toISOString(), id: 'x' }), 'BAD_USER_INPUT'],
  ['999999999999999', 'CURSOR_EXPIRED'],
])('a subscription after the cursor "%s" ends with %s, and the socket goes on', async (after, code) => {
  for (const field of ['events', 'orders']) {
    const raw = await openAcknowledged()
    const query = `subscription ($after: String) { ${field}(after: $after) { cursor } }`
    raw.send({ id: '1', type: 'subscribe', payload: { query, variables: { after } } })
    const ended = await until('refused', () => raw.messages.find(({ id }) => id === '1'))
    const [error] = ended.type === 'error' ? ended.payload : ended.payload.errors
    expect([field, error.extensions.code]).toEqual([field, code])
    raw.send({ id: '2', type: 'subscribe', payload: { query: '{ health { status } }' } })
    await until('answered', () => raw.messages.some(({ id, type }) => id === '2' && type === 'complete'))
    raw.socket.terminate()
  }
})
