import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClient, operations } from '../../clients/typescript/src/index.js'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// The client package against the whole system, and its examples as a user runs them.

let app: TestApp
let pos: Receiver
const children: ChildProcess[] = []
beforeAll(async () => {
  pos = await startReceiver()
  app = await startTestApp()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await app.stop()
  await pos.close()
})

it('an event comes with the body a client gets, and operations are typed', async () => {
  const careem = await app.register({ provider: 'careem', clientId: 'typed', url: `${pos.url}/typed` })
  const client = createClient({ url: app.url, token: () => app.token({ role: 'viewer' }), webSocket: WebSocket })
  const { json } = await send(app.url, careem, orderBody('careem', 'typed'))
  const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === '/typed' })
  for await (const event of client.events({ filter: { clientId: 'typed', kind: 'DISPATCHED' }, after: '0' })) {
    expect([event.eventId, event.body]).toEqual([json.eventId, delivery?.body])
    break
  }
  const edges = await until('recorded', async () => {
    const { logs } = await client.request(operations.logs, { filter: { clientId: 'typed' } })
    return logs.edges.length > 0 && logs.edges
  })
  expect(edges.map(({ node }) => node.id)).toEqual([json.eventId])
  await expect(client.request(operations.retryLog, { id: json.eventId })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(createClient({ url: app.url, token: 'x', webSocket: WebSocket }).events().next()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

/** A program of ours, with what it prints. */
function run(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { env: { ...process.env, ...environment } })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { output: () => output, code, child }
}

it('the examples run: one tails events, one believes only what was signed', async () => {
  const careem: Registered = await app.register({ provider: 'careem', clientId: 'examples', url: `${pos.url}/unused` })
  const receiving = run(['clients/typescript/examples/receive-webhooks.ts'], {
    SIGNING_SECRET: careem.signingSecret,
    PORT: '0',
  })
  const port = await until('listening', () => /"port":(\d+)/.exec(receiving.output())?.[1])
  await app.graphql(
    `mutation { updateWebhook(id: "${careem.webhookId}", input: { url: "http://127.0.0.1:${port}/" }) { id } }`,
  )
  const { json } = await send(app.url, careem, orderBody('careem', 'example'))
  await until('received', () => receiving.output().includes(`order.created ${json.eventId}`))
  expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })).status).toBe(401)
  const tailing = run(['clients/typescript/examples/tail-events.ts'], {
    ORDERWIRE_URL: app.url,
    ORDERWIRE_TOKEN: await app.token({ role: 'viewer', client: 'examples' }),
    COUNT: '1',
    AFTER: '0',
  })
  expect(await tailing.code).toBe(0)
  expect(tailing.output()).toContain(`DISPATCHED CAREEM ${json.eventId}`)
})

it('orderwire listen forwards events to a local URL, signed', async () => {
  const jahez = await app.register({ provider: 'jahez', clientId: 'listened', url: `${pos.url}/real` })
  const flags = ['--url', app.url, '--forward', `${pos.url}/local`, '--provider', 'jahez', '--client', 'listened']
  const listening = run(['src/main.ts', 'listen', ...flags, '--after', '0'], {
    JWT_SECRET: app.environment['JWT_SECRET'] ?? '',
  })
  const { json } = await send(app.url, jahez, orderBody('jahez', 'listened'))
  const [local] = await pos.waitFor(1, { matches: ({ path }) => path === '/local' })
  const [real] = await pos.waitFor(1, { matches: ({ path }) => path === '/real' })
  expect(local?.body).toBe(real?.body)
  expect(local?.headers['webhook-id']).toBe(json.eventId)
  expect(local?.headers['webhook-signature']).toMatch(/^v1,/)
  listening.child.kill('SIGINT')
  expect(await listening.code).toBe(0)
})
