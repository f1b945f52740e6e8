import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// One JSON line per business event, found together by the event's id, and nothing in them that is not ours to tell.

const lines: string[] = []
const receiver = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.end('an answer nobody should log'))
})
let app: TestApp
let client: Registered
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  app = await startTestApp({ logs: { write: (line) => lines.push(line) }, environment: { LOG_LEVEL: 'trace' } })
  client = await app.register({
    provider: 'careem',
    clientId: 'logged',
    url: `http://127.0.0.1:${port}/hook?token=in-the-url`,
    secretKey: 'a-secret-key-of-the-platform-0123456789',
  })
})
afterAll(async () => {
  await app.stop()
  receiver.close()
})

const told = (): Json[] => lines.map((line) => JSON.parse(line))

describe('the log', () => {
  it('tells an event from receipt to delivery in lines of its id, one each', async () => {
    const body = orderBody('careem', 'guest-of-the-log')
    const { json } = await send(app.url, client, body)
    const own = () => told().filter(({ event }) => event === json.eventId)
    await until('it is delivered', () => own().some(({ msg }) => msg.includes('completed')))
    expect(own().map(({ msg }) => msg)).toEqual([
      'webhook processing: event received',
      'webhook processing: event dispatched',
      'webhook processing completed: delivered',
    ])
    expect(own().at(-1)).toMatchObject({ provider: 'careem', clientId: 'logged', status: 200, attempt: 1 })
  })

  it('tells why a request was refused', async () => {
    const wrong = { ...client, credentials: { secretKey: 'wrong-key', apiKey: 'wrong-key' } }
    expect((await send(app.url, wrong, orderBody('careem', 'refused'))).status).toBe(401)
    const refusal = await until('it is told', () => told().find(({ msg }) => msg.endsWith('rejected')))
    expect(refusal).toMatchObject({ clientId: 'logged', status: 401, code: expect.any(String) })
  })

  it('holds no payload, no secret, no answer and no address with a token', async () => {
    const text = lines.join('\n')
    expect(lines.length).toBeGreaterThan(5)
    const { secretKey, apiKey = 'none' } = client.credentials
    const forbidden = [
      ...[secretKey, apiKey, client.signingSecret, 'wrong-key', 'in-the-url'],
      ...['guest-of-the-log', 'total_amount', 'an answer nobody should log'],
      ...[app.environment['JWT_SECRET'] ?? '', app.environment['ENCRYPTION_KEY'] ?? ''],
    ]
    for (const secret of forbidden) expect(text).not.toContain(secret)
  })
})
