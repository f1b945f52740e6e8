import { connect } from 'node:net'
import { connect as connectNats } from 'nats'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import {
  type Json,
  orderBody,
  type Registered,
  send,
  startOwnStack,
  startTestApp,
  type TestApp,
} from '../support/app.js'
import { signedHeaders } from '../support/load.js'

let app: TestApp
let pos: Receiver
let careem: Registered
let deliveroo: Registered
beforeAll(async () => {
  pos = await startReceiver()
  app = await startTestApp({ environment: { WEBHOOK_TIMEOUT: '1000', TRUSTED_PROXIES: '127.0.0.1' } })
  careem = await app.register({ provider: 'careem', clientId: 'errors', url: pos.url })
  deliveroo = await app.register({ provider: 'deliveroo', clientId: 'errors', url: pos.url })
})
afterAll(async () => {
  await app.stop()
  await pos.close()
})

/** How many events the WEBHOOKS stream of an installation holds. */
async function storedEvents(natsUrl = inject('natsUrl'), of: TestApp = app): Promise<number> {
  const nc = await connectNats({ servers: natsUrl })
  try {
    return (await (await nc.jetstreamManager()).streams.info(`${of.environment['NATS_PREFIX']}_WEBHOOKS`)).state
      .messages
  } finally {
    await nc.close()
  }
}

type Case = {
  readonly name: string
  readonly status: number
  readonly code: string
  ask(): Promise<{ status: number; json: Json; headers: Headers }>
}

async function ask(path: string, init: RequestInit): Promise<{ status: number; json: Json; headers: Headers }> {
  const response = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    ...init,
  })
  return { status: response.status, json: await response.json(), headers: response.headers }
}

const order = () => orderBody('careem', Math.random())
const tampered = (headers: Record<string, string>) => send(app.url, careem, order(), { headers })
const unixNow = () => Math.floor(Date.now() / 1_000)

const CASES: readonly Case[] = [
  {
    name: 'a body that is not JSON',
    status: 400,
    code: 'invalid_json',
    ask: () => send(app.url, careem, '{"event_type":'),
  },
  { name: 'an empty body', status: 400, code: 'invalid_json', ask: () => send(app.url, careem, '') },
  { name: 'a NUL in the JSON', status: 400, code: 'invalid_json', ask: () => send(app.url, careem, `${order()}\0`) },
  {
    name: 'invalid UTF-8',
    status: 400,
    code: 'invalid_json',
    ask: () =>
      send(
        app.url,
        careem,
        Buffer.concat([Buffer.from('{"event_type":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      ),
  },
  {
    name: 'arrays nested 10,000 deep',
    status: 400,
    code: 'invalid_payload',
    ask: () =>
      send(
        app.url,
        careem,
        `{"event_type":"a","timestamp":"2026-01-01T00:00:00Z","data":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
      ),
  },
  {
    name: 'a payload without its fields',
    status: 400,
    code: 'invalid_payload',
    ask: () => send(app.url, careem, '{"event_type":"","data":[]}'),
  },
  { name: 'no credentials', status: 401, code: 'missing_credentials', ask: () => ask('/webhooks/careem/errors', {}) },
  {
    name: 'a wrong signature',
    status: 401,
    code: 'invalid_signature',
    ask: () => tampered({ 'X-Careem-Signature': 'a'.repeat(64) }),
  },
  {
    name: 'a signature of the wrong length',
    status: 401,
    code: 'invalid_signature',
    ask: () => tampered({ 'X-Careem-Signature': 'abc' }),
  },
  {
    name: 'a signature of the wrong alphabet',
    status: 401,
    code: 'invalid_signature',
    ask: () => tampered({ 'X-Careem-Signature': 'z'.repeat(64) }),
  },
  {
    name: 'a wrong bearer',
    status: 401,
    code: 'invalid_signature',
    ask: () => tampered({ Authorization: 'Bearer nonsense' }),
  },
  {
    name: "another client's id",
    status: 401,
    code: 'invalid_signature',
    ask: () => tampered({ 'X-Careem-Client-Id': 'other' }),
  },
  {
    name: 'a timestamp that is not a number',
    status: 401,
    code: 'invalid_signature',
    ask: () => tampered({ 'X-Careem-Timestamp': 'now' }),
  },
  {
    name: 'a timestamp 301 s old',
    status: 401,
    code: 'stale_timestamp',
    ask: () => send(app.url, careem, order(), { nowMs: (unixNow() - 301) * 1_000 }),
  },
  {
    name: 'a timestamp 302 s ahead',
    status: 401,
    code: 'stale_timestamp',
    ask: () => send(app.url, careem, order(), { nowMs: (unixNow() + 302) * 1_000 }),
  },
  {
    name: 'a signature in hex where base64 is due',
    status: 401,
    code: 'invalid_signature',
    ask: () =>
      send(app.url, deliveroo, orderBody('deliveroo', 1), { headers: { 'X-Deliveroo-HMAC-SHA256': 'a'.repeat(64) } }),
  },
  { name: 'an unknown provider', status: 404, code: 'unknown_provider', ask: () => ask('/webhooks/pigeon/errors', {}) },
  { name: 'an unknown client', status: 404, code: 'unknown_client', ask: () => ask('/webhooks/careem/nobody', {}) },
  {
    name: 'a provider the client has not registered',
    status: 404,
    code: 'unknown_client',
    ask: () => ask('/webhooks/jahez/errors', {}),
  },
  {
    name: 'a path below the client that the platform does not call',
    status: 404,
    code: 'unknown_path',
    ask: () => ask('/webhooks/careem/errors/more', {}),
  },
  {
    name: 'another method',
    status: 405,
    code: 'method_not_allowed',
    ask: () => ask('/webhooks/careem/errors', { method: 'PUT' }),
  },
  {
    name: 'another content type',
    status: 415,
    code: 'unsupported_media_type',
    ask: () => ask('/webhooks/careem/errors', { headers: { 'content-type': 'text/plain' } }),
  },
  {
    name: 'a body of 1 MiB + 1',
    status: 413,
    code: 'payload_too_large',
    ask: () => send(app.url, careem, `"${'x'.repeat(1_048_575)}"`),
  },
]

describe('a request that is refused', () => {
  it.each(CASES)('answers $status $code for $name, and stores nothing', async ({ status, code, ask: act }) => {
    const before = await storedEvents()
    const answer = await act()
    expect({ status: answer.status, code: answer.json.error?.code }).toEqual({ status, code })
    expect(answer.json).toMatchObject({ success: false, error: { message: expect.any(String) } })
    expect(await storedEvents()).toBe(before)
    expect((await send(app.url, careem, order())).status).toBe(200)
  })

  it('names every field that does not fit', async () => {
    const { json } = await send(app.url, careem, '{"event_type":"","timestamp":"yesterday","data":[]}')
    expect(json.error.details.map(({ path }: { path: string }) => path).sort()).toEqual([
      'data',
      'event_type',
      'timestamp',
    ])
  })

  it('logs the refusal with its reason and without the body', async () => {
    await send(app.url, careem, '{"secret":"do-not-keep"}')
    const { json } = await app.api('GET', '/api/webhooks/logs?clientId=errors&status=failed&limit=100')
    expect(json.logs.length).toBeGreaterThan(0)
    expect(JSON.stringify(json)).not.toContain('do-not-keep')
    expect(json.logs[0]).toMatchObject({ stage: 'rejected', payload: null, error: expect.stringMatching(/^\w+: /) })
  })

  it('says Allow beside 405', async () => {
    expect((await ask('/webhooks/careem/errors', { method: 'DELETE' })).headers.get('allow')).toBe('POST')
  })
})

describe('an odd but honest body', () => {
  it.each([
    ['duplicate keys', (id: string) => orderBody('careem', id).replace('{', '{"event_type":"order.updated",')],
    [
      'a __proto__ key',
      (id: string) => orderBody('careem', id).replace('"data":{', '"data":{"__proto__":{"polluted":true},'),
    ],
    [
      'an escaped NUL in a text',
      (id: string) => orderBody('careem', id).replace('"items":', '"notes":"a\\u0000b","items":'),
    ],
    ['a timestamp in milliseconds', (id: string) => orderBody('careem', id)],
  ])('with %s is accepted, logged and harmless', async (name, make) => {
    const body = make(`odd-${name.replace(/\W/g, '')}`)
    const answer = await send(app.url, careem, body)
    expect(answer.status).toBe(200)
    await pos.waitFor(1, { matches: ({ headers }) => headers['webhook-id'] === answer.json.eventId })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('addresses and rates', () => {
  it('refuses an address outside the whitelist with 403, and takes one inside, behind a trusted proxy', async () => {
    const registered = await app.register({
      provider: 'jahez',
      clientId: 'walled',
      url: pos.url,
      config: { security: { ipWhitelist: ['203.0.113.0/24', '2001:db8::/32'] } },
    })
    const from = (address: string) =>
      send(app.url, registered, orderBody('jahez', Math.random()), { headers: { 'X-Forwarded-For': address } })
    expect((await from('198.51.100.7')).json.error.code).toBe('ip_not_allowed')
    expect((await from('198.51.100.7')).status).toBe(403)
    expect((await from('203.0.113.9')).status).toBe(200)
    expect((await from('2001:db8::5')).status).toBe(200)
    expect((await from('203.0.113.9, 198.51.100.7')).status).toBe(403)
  })

  it('answers 429 with its headers beyond the limit of the client', async () => {
    const config = { security: { rateLimiting: { maxRequests: 3, windowMs: 60_000 } } }
    const registered = await app.register({ provider: 'jahez', clientId: 'limited', url: pos.url, config })
    const statuses: number[] = []
    for (let index = 0; index < 5; index += 1)
      statuses.push((await send(app.url, registered, orderBody('jahez', `limit-${index}`))).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const { headers, json } = await send(app.url, registered, orderBody('jahez', 'limit-x'))
    expect(json.error.code).toBe('rate_limited')
    expect(headers.get('ratelimit-limit')).toBe('3')
    expect(headers.get('ratelimit-remaining')).toBe('0')
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(headers.get('ratelimit-reset')).toBe(headers.get('retry-after'))
  })

  it('does not count failed requests where the client says so', async () => {
    const config = { security: { rateLimiting: { maxRequests: 2, windowMs: 60_000, skipFailedRequests: true } } }
    const registered = await app.register({ provider: 'jahez', clientId: 'lenient', url: pos.url, config })
    for (let index = 0; index < 4; index += 1) expect((await send(app.url, registered, '{}')).status).toBe(400)
    expect((await send(app.url, registered, orderBody('jahez', 'lenient'))).status).toBe(200)
  })

  it("holds Talabat's burst of 100 in ten seconds", async () => {
    const registered = await app.register({ provider: 'talabat', clientId: 'burst', url: pos.url })
    const answers = await Promise.all(
      Array.from({ length: 130 }, (_, index) => send(app.url, registered, orderBody('talabat', `burst-${index}`))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30)
  })
})

describe('a body that does not come', () => {
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
      let answer = ''
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
      socket.write(bytes)
    })
  const head = (length: number): string =>
    `POST /webhooks/careem/errors HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`

  it('is answered 408 when half of it is missing, and harms nobody else', async () => {
    const half = raw(`${head(100)}{"half":`)
    expect((await send(app.url, careem, order())).status).toBe(200)
    const answer = await half
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('"code":"timeout"')
  })

  it('is answered 408 when it comes a byte at a time', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
      const drip = setInterval(() => socket.write('x'), 200)
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => {
        clearInterval(drip)
        resolve(text)
      })
      socket.on('error', reject)
      socket.write(head(1_000))
    })
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  })

  it('is refused by its declared length before it is read', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (chunk) => resolve(chunk.toString()))
      socket.write(head(50_000_000))
    })
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })
})

describe('without JetStream', () => {
  it('answers 503 with Retry-After, stores nothing, and takes events again when it is back', async () => {
    await using stack = await startOwnStack()
    const away = await startTestApp({ natsUrl: stack.natsUrl, mongoUrl: stack.mongoUrl })
    try {
      const registered = await away.register({ provider: 'jahez', clientId: 'away', url: pos.url })
      const before = await storedEvents(stack.natsUrl, away)
      await stack.nats?.kill('SIGKILL')
      const refused = await send(away.url, registered, orderBody('jahez', 'away'))
      expect(refused.status).toBe(503)
      expect(refused.json).toMatchObject({ success: false, error: { code: 'unavailable' } })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await fetch(`${away.url}/health`)).status).toBe(503)
      await stack.nats?.start()
      expect(await storedEvents(stack.natsUrl, away)).toBe(before)
      await expect
        .poll(async () => (await send(away.url, registered, orderBody('jahez', 'away'))).status, { timeout: 10_000 })
        .toBe(200)
    } finally {
      await away.stop()
    }
  })
})

describe('a signed request whose headers are written otherwise', () => {
  it('is accepted whatever the case of header names and scheme', async () => {
    const body = Buffer.from(order())
    const signed = Object.fromEntries(
      Object.entries(signedHeaders(careem, body)).map(([name, value]) => [
        name.toUpperCase(),
        value.replace('Bearer', 'bEARER'),
      ]),
    )
    const response = await fetch(`${app.url}/webhooks/careem/errors`, {
      method: 'POST',
      headers: signed,
      body: new Uint8Array(body),
    })
    expect(response.status).toBe(200)
  })
})
