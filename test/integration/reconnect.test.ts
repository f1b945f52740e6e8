import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClient, type LiveEvent } from '../../clients/typescript/src/index.js'
import { orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// Readers whose connections are cut, again and again, while events come in: together they see the same as one that is
// never cut. `npm run test:reconnect` is the long form, with a thousand cuts.

const RECONNECTS = Number(process.env['RECONNECTS'] ?? 50)
const READERS = 5
const PER_SECOND = 200
/** Sent and not answered yet: a machine that has no time for more is not given more, and the true rate says so. */
const MAX_UNANSWERED = 100
/** Cut somewhere in this time: after the first event of a connection, or, one in so many, after its first byte. */
const CUT_WITHIN_MS = 100
const EARLY_CUT_EVERY = 5

let app: TestApp
let careem: Registered
beforeAll(async () => {
  app = await startTestApp()
  const url = 'http://127.0.0.1:9/nobody-asks-for-these-events'
  careem = await app.register({ provider: 'careem', clientId: 'cut', url, events: ['nothing.like.it'] })
  await app.api('PUT', '/api/webhooks/config/cut', { security: { rateLimiting: { enabled: false } } })
})
afterAll(() => app.stop())

/** A way to the app that can be cut. */
async function startCuttableProxy(target: URL) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket)).on('error', () => near.destroy())
    }
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address of this kind.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return { url, cut, connections: () => sockets.size, close: () => void server.close() }
}

/** Reads everything from the beginning; `reconnects` counts the connections it lost. */
function startReader(url: string) {
  const leaving = new AbortController()
  const seen: LiveEvent[] = []
  const state = { reconnects: 0 }
  const client = createClient({ url, token: () => app.token(), webSocket: WebSocket })
  const run = async (): Promise<void> => {
    const onReconnect = (): void => {
      state.reconnects += 1
    }
    const options = { filter: { clientId: 'cut' }, after: '0', signal: leaving.signal, onReconnect }
    for await (const event of client.events(options)) seen.push(event)
  }
  const running = run()
  const leave = (): Promise<void> => {
    leaving.abort()
    return running
  }
  return { seen, state, leave }
}

/** A reader through a connection that is cut `times` times. */
async function startCutReader(times: number) {
  const proxy = await startCuttableProxy(new URL(app.url))
  const reader = startReader(proxy.url)
  const cutting = async (): Promise<void> => {
    while (reader.state.reconnects < times) {
      const before = reader.state.reconnects
      const seenBefore = reader.seen.length
      await until('connected', () => proxy.connections() > 0, 30_000)
      const isEarly = before % EARLY_CUT_EVERY === 0
      if (!isEarly) await until('it goes on', () => reader.seen.length > seenBefore, 30_000)
      await wait(Math.random() * CUT_WITHIN_MS)
      proxy.cut()
      await until('reconnecting', () => reader.state.reconnects > before, 30_000)
    }
  }
  const leave = async (): Promise<void> => {
    await reader.leave()
    proxy.close()
  }
  return { ...reader, cut: cutting(), leave }
}

async function sendOne(number: number): Promise<string> {
  const { status, json } = await send(app.url, careem, orderBody('careem', `cut-${number}`))
  if (status !== 200) throw new Error(`event ${number} was answered ${status}: ${JSON.stringify(json)}`)
  return json.eventId
}

/** Sends at an even rate by the clock, however late a timer fires, until told to stop; answers the ids that were taken. */
function startSending() {
  const startedAt = performance.now()
  const answers: Promise<string>[] = []
  const state = { isOver: false, unanswered: 0 }
  const sendNext = async (): Promise<string> => {
    state.unanswered += 1
    const eventId = await sendOne(answers.length)
    state.unanswered -= 1
    return eventId
  }
  const run = async (): Promise<{ readonly eventIds: readonly string[]; readonly perSecond: number }> => {
    while (!state.isOver) {
      const due = ((performance.now() - startedAt) / 1_000) * PER_SECOND
      while (answers.length < due && state.unanswered < MAX_UNANSWERED) answers.push(sendNext())
      await wait(5)
    }
    const eventIds = await Promise.all(answers)
    return { eventIds, perSecond: eventIds.length / ((performance.now() - startedAt) / 1_000) }
  }
  const running = run()
  return () => {
    state.isOver = true
    return running
  }
}

it(`${RECONNECTS} lost connections of ${READERS} readers during ${PER_SECOND} events a second leave no gap and no duplicate`, async () => {
  const control = startReader(app.url)
  const stopSending = startSending()
  const each = Math.ceil(RECONNECTS / READERS)
  const readers = await Promise.all(Array.from({ length: READERS }, () => startCutReader(each)))
  const cutting = Promise.all(readers.map(({ cut }) => cut))
  const { eventIds, perSecond } = await cutting.finally(stopSending).then(stopSending)
  const all = [control, ...readers]
  await until('the control has seen every event', () => control.seen.length >= eventIds.length, 240_000)
  const last = control.seen.at(-1)?.cursor
  await until('everybody is at the end', () => all.every(({ seen }) => seen.at(-1)?.cursor === last), 60_000)
  await Promise.all(all.map(({ leave }) => leave()))
  const reconnects = readers.reduce((sum, { state }) => sum + state.reconnects, 0)
  console.log(`${reconnects} reconnects, ${eventIds.length} events at ${perSecond.toFixed(0)} a second`)
  const cursors = control.seen.map(({ cursor }) => cursor)
  expect(cursors).toEqual([...new Set(cursors)].sort((a, b) => Number(a) - Number(b)))
  expect(control.seen.map(({ eventId }) => eventId).sort()).toEqual([...eventIds].sort())
  for (const { seen } of readers) expect(seen.map(({ cursor }) => cursor)).toEqual(cursors)
  expect(reconnects).toBeGreaterThanOrEqual(RECONNECTS)
  // The short form runs beside other tests, which may leave it no time.
  if (RECONNECTS >= 1_000) expect(perSecond).toBeGreaterThan(PER_SECOND * 0.8)
}, 900_000)
