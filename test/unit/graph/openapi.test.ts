import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, it } from 'vitest'
import { createOpenApi } from '../../../src/graph/rest/openapi.js'
import { REST_OPERATIONS, type RestOperation } from '../../../src/graph/rest/operations.js'
import { errorSchema } from '../../../src/graph/rest/schemas.js'
import { versionHeaders } from '../../../src/graph/rest/versions.js'
import { createTestGraph } from '../../support/graph.js'
import { aClient, aLog } from '../../support/memory-ports.js'

const document = createOpenApi({ providers: ['careem', 'talabat'] })

it('the OpenAPI document lints clean', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const lint = (source: object) => lintFromString({ source: JSON.stringify(source), config })
  const problems = await lint(document)
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
  expect((await lint({ ...document, security: [{ unknown: [] }] })).length).toBeGreaterThan(0)
})

it('the document is served, and a page for people that names every operation', async () => {
  const test = createTestGraph()
  const served = await test.call('get', '/api/openapi.json', { viewer: null })
  expect(Object.keys(served.json.paths)).toEqual(Object.keys(document.paths))
  const page = await test.call('get', '/api/docs', { viewer: null })
  for (const path of Object.keys(document.paths)) expect(page.json).toContain(path)
})

const REQUESTS: Readonly<Record<string, { readonly path?: string; readonly body?: object }>> = {
  registerWebhook: { body: { clientId: 'c9', provider: 'careem', url: 'https://pos.example.com', events: ['*'] } },
  retryLog: { path: 'retry/evt_1' },
  readConfig: { path: 'config/c1' },
  updateConfig: { path: 'config/c1', body: { retryPolicy: { maxRetries: 5 } } },
}

describe.each(REST_OPERATIONS as readonly RestOperation[])('$method $path', ({ id, method, path, answer, errors }) => {
  it('answers what the document says', async () => {
    const test = createTestGraph()
    test.clients.set('c1', aClient('c1'))
    test.logs.push(aLog('evt_1', 'c1'))
    const request = REQUESTS[id] ?? {}
    const { status, json } = await test.call(method, `/api/v1/webhooks/${request.path ?? path}`, { body: request.body })
    expect(status).toBe(answer.status)
    expect(answer.schema.safeParse(json)).toMatchObject({ success: true })
  })

  it('refuses in the one form of errors, with a status the document names', async () => {
    const test = createTestGraph()
    const missing = path.replace(/:\w+/, 'nobody')
    const answers = [
      await test.call(method, `/api/webhooks/${missing}`, { viewer: null }),
      await test.call(method, `/api/webhooks/${missing}?limit=0&period=year&clientId=.`, { body: '{' }),
    ]
    for (const { status, json } of answers.filter(({ status }) => status !== answer.status)) {
      expect([400, 401, 403, 413, 503, ...errors]).toContain(status)
      expect(errorSchema.safeParse(json)).toMatchObject({ success: true })
    }
  })
})

it('a version that is to end says so in every answer', () => {
  expect(versionHeaders({ base: '/api/v1/webhooks' })).toEqual({})
  expect(
    versionHeaders({
      base: '/api/v1/webhooks',
      deprecatedAt: '2027-01-01T00:00:00Z',
      sunsetAt: '2028-01-01T00:00:00Z',
    }),
  ).toEqual({
    deprecation: '@1798761600',
    sunset: 'Sat, 01 Jan 2028 00:00:00 GMT',
    link: expect.stringContaining('rel="deprecation"'),
  })
})
