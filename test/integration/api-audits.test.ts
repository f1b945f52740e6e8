import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logsSchema, registrationSchema, statsSchema } from '../../src/graph/rest/schemas.js'
import { orderBody, send, startTestApp, type TestApp, until } from '../support/app.js'

let app: TestApp
let token: string
beforeAll(async () => {
  app = await startTestApp()
  token = await app.token()
})
afterAll(() => app.stop())

describe('GraphQL over HTTP, with every limit on', () => {
  const audits = serverAudits({
    url: () => `${app.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${token}` },
      }),
  })
  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn()
    expect(result).toMatchObject({ status: 'ok' })
  })
})

/** The specification's commands as printed, with our host and a token. */
async function curl(...args: string[]): Promise<unknown> {
  // Not the blocking form: the server that answers is in this process.
  const given = ['-s', '--max-time', '10', '-H', `Authorization: Bearer ${token}`, ...args]
  return JSON.parse((await promisify(execFile)('curl', given)).stdout)
}

/** Every field of a sample is in the answer, with a value of its kind; `null` in the sample stands for anything. */
function expectAsPrinted(answer: unknown, sample: object): void {
  for (const [name, printed] of Object.entries(sample)) {
    const given = new Map(Object.entries(answer ?? {})).get(name)
    if (printed === null) expect(answer).toHaveProperty(name)
    else if (typeof printed !== 'object') expect([name, typeof given]).toEqual([name, typeof printed])
    else if (!Array.isArray(printed)) expectAsPrinted(given, printed)
    else {
      expect([name, Array.isArray(given)]).toEqual([name, true])
      if (Array.isArray(given)) for (const each of printed) expectAsPrinted(given[0], each)
    }
  }
}

const LOG = {
  id: '',
  provider: 'careem',
  clientId: '',
  event: 'order.created',
  status: 'failed',
  responseTime: 145,
  timestamp: '',
  payload: {},
  response: {},
}

describe("the specification's samples, of something that happened", () => {
  it('are answered field by field', async () => {
    const url = 'http://127.0.0.1:9/refuses'
    const careem = await app.register({ provider: 'careem', clientId: 'printed', url })
    const config = { retryPolicy: { maxRetries: 0, exponentialBackoff: true } }
    const changed = await app.api('PUT', '/api/webhooks/config/printed', config)
    expectAsPrinted(changed.json, {
      clientId: '',
      webhooks: [{}],
      retryPolicy: { maxRetries: 0, retryDelays: [{}], exponentialBackoff: true },
      security: {
        signatureValidation: true,
        ipWhitelist: [],
        rateLimiting: { enabled: true, maxRequests: 1_000, windowMs: 60_000 },
      },
    })
    await send(app.url, careem, orderBody('careem', 'printed'))
    const query = 'status=failed&provider=careem&clientId=printed'
    const logs = await until('failed', async () => {
      const { json } = await app.api('GET', `/api/webhooks/logs?${query}`)
      return json.total === 1 && json
    })
    expectAsPrinted(logs, { logs: [LOG], total: 1, limit: 20, offset: 0 })
    const stats = await curl('-X', 'GET', `${app.url}/api/webhooks/stats?period=hour`)
    const counts = { total: 1, successful: 0, failed: 1 }
    const whole = { ...counts, pending: 0, avgResponseTime: 0, providers: { careem: counts }, period: 'hour' }
    expectAsPrinted(stats, { ...whole, recentEvents: [LOG] })
    const { id } = logs.logs[0]
    const retried = await curl('-X', 'POST', `${app.url}/api/webhooks/retry/${id}`)
    expect(retried).toEqual({ success: true, message: 'Webhook retry initiated', logId: id })
  })
})

describe("the specification's curl examples", () => {
  it('curl -X GET …/api/webhooks/logs?status=failed&provider=careem', async () => {
    const answer = await curl('-X', 'GET', `${app.url}/api/webhooks/logs?status=failed&provider=careem`)
    expect(logsSchema.parse(answer)).toMatchObject({ total: expect.any(Number), limit: 20, offset: 0 })
  })

  it('curl -X GET …/api/webhooks/stats?period=hour', async () => {
    expect(statsSchema.parse(await curl('-X', 'GET', `${app.url}/api/webhooks/stats?period=hour`))).toMatchObject({
      period: 'hour',
    })
  })

  it('curl -X GET …/api/webhooks/retry/stats', async () => {
    expect(await curl('-X', 'GET', `${app.url}/api/webhooks/retry/stats`)).toMatchObject({
      scheduled: expect.any(Number),
      dead: expect.any(Number),
    })
  })

  it('the printed registration registers', async () => {
    const body = {
      clientId: 'client_123',
      provider: 'careem',
      url: 'https://client.example.com/webhook',
      events: ['order.created', 'order.updated'],
      secretKey: 'optional_custom_secret',
    }
    const answer = await curl(
      '-X',
      'POST',
      `${app.url}/api/webhooks/register`,
      '-H',
      'Content-Type: application/json',
      '-d',
      JSON.stringify(body),
    )
    expect(registrationSchema.parse(answer)).toMatchObject({ secretKey: 'optional_custom_secret', status: 'active' })
  })
})
