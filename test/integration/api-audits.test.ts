import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logsSchema, registrationSchema, statsSchema } from '../../src/graph/rest/schemas.js'
import { startTestApp, type TestApp } from '../support/app.js'

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

describe("the specification's curl examples", () => {
  it('curl -X GET …/api/webhooks/logs?status=failed&provider=careem', async () => {
    const answer = await curl('-X', 'GET', `${app.url}/api/webhooks/logs?status=failed&provider=careem`)
    expect(logsSchema.parse(answer)).toMatchObject({ total: 0, limit: 20, offset: 0 })
  })

  it('curl -X GET …/api/webhooks/stats?period=hour', async () => {
    expect(statsSchema.parse(await curl('-X', 'GET', `${app.url}/api/webhooks/stats?period=hour`))).toMatchObject({
      period: 'hour',
    })
  })

  it('curl -X GET …/api/webhooks/retry/stats', async () => {
    expect(await curl('-X', 'GET', `${app.url}/api/webhooks/retry/stats`)).toMatchObject({ scheduled: 0, dead: 0 })
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
