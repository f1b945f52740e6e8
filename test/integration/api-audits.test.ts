import { execFileSync } from 'node:child_process'
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
function curl(...args: string[]): unknown {
  const output = execFileSync('curl', ['-s', '-H', `Authorization: Bearer ${token}`, ...args], { encoding: 'utf8' })
  return JSON.parse(output)
}

describe("the specification's curl examples", () => {
  it('curl -X GET …/api/webhooks/logs?status=failed&provider=careem', () => {
    const answer = curl('-X', 'GET', `${app.url}/api/webhooks/logs?status=failed&provider=careem`)
    expect(logsSchema.parse(answer)).toMatchObject({ total: 0, limit: 20, offset: 0 })
  })

  it('curl -X GET …/api/webhooks/stats?period=hour', () => {
    expect(statsSchema.parse(curl('-X', 'GET', `${app.url}/api/webhooks/stats?period=hour`))).toMatchObject({
      period: 'hour',
    })
  })

  it('curl -X GET …/api/webhooks/retry/stats', () => {
    expect(curl('-X', 'GET', `${app.url}/api/webhooks/retry/stats`)).toMatchObject({ scheduled: 0, dead: 0 })
  })

  it('the printed registration registers', () => {
    const body = {
      clientId: 'client_123',
      provider: 'careem',
      url: 'https://client.example.com/webhook',
      events: ['order.created', 'order.updated'],
      secretKey: 'optional_custom_secret',
    }
    const answer = curl(
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
