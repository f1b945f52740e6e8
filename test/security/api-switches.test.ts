import { describe, expect, it } from 'vitest'
import { operationsManifest } from '../../web/operations-manifest.js'
import * as dashboard from '../../web/src/api/generated.js'
import { createTestGraph } from '../support/graph.js'
import { createMemoryPorts } from '../support/memory-ports.js'

const withSwitches = (switches: object) => createTestGraph(createMemoryPorts(), { switches })
const ORIGIN = { origin: 'https://pos.example.com' }

describe('a page of another origin', () => {
  it('may not call unless it is named', async () => {
    const { response } = await withSwitches({ corsOrigins: ['https://other.example.com'] }).call(
      'get',
      '/api/webhooks/logs',
      { headers: ORIGIN },
    )
    expect(response.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it.each(['/api/webhooks/logs', '/graphql'])(
    'that is named may call %s, without a token for the preflight',
    async (path) => {
      const test = withSwitches({ corsOrigins: ['https://pos.example.com'] })
      const preflight = await test.call('options', path, { viewer: null, headers: ORIGIN })
      expect(preflight.status).toBe(204)
      expect(preflight.response.headers).toMatchObject({
        'access-control-allow-origin': 'https://pos.example.com',
        'access-control-allow-headers': expect.stringContaining('authorization'),
      })
      expect(preflight.response.headers).not.toHaveProperty('access-control-allow-credentials')
    },
  )
})

it('the schema is not told where introspection is off', async () => {
  const { codes, errors } = await withSwitches({ introspection: false }).graphql('{ __schema { types { name } } }')
  expect([codes.length > 0, JSON.stringify(errors)]).toEqual([true, expect.stringContaining('introspection')])
})

it('GraphiQL is not shown where it is off', async () => {
  const get = (graphiql: boolean) =>
    withSwitches({ graphiql }).call('get', '/graphql', { viewer: null, headers: { accept: 'text/html' } })
  expect((await get(true)).status).toBe(200)
  expect((await get(false)).status).toBe(401)
})

it('only persisted operations are run where there are some, by id or by text', async () => {
  const test = withSwitches({ persistedOperations: new Map([['health', '{ health { status } }']]) })
  const byId = await test.call('post', '/graphql', {
    body: { extensions: { persistedQuery: { version: 1, sha256Hash: 'health' } } },
  })
  expect(byId.json).toEqual({ data: { health: { status: 'ok' } } })
  expect((await test.graphql('{ health { status } }')).data).toEqual({ health: { status: 'ok' } })
  expect((await test.graphql('query {\n health {\n  status\n }\n}')).data).toEqual({ health: { status: 'ok' } })
  expect((await test.graphql('{ retryStats { dead } }')).codes).toEqual(['BAD_USER_INPUT'])
  expect((await test.graphql('{ health { status timestamp } }')).codes).toEqual(['BAD_USER_INPUT'])
})

it('the dashboard goes on where only persisted operations are run', async () => {
  const documents = Object.entries(dashboard).filter(([name]) => name.endsWith('Document'))
  expect(documents.length).toBeGreaterThan(20)
  const persistedOperations = new Map(Object.entries(operationsManifest()))
  const test = withSwitches({ persistedOperations })
  for (const [name, document] of documents) {
    // Without its variables an operation may be refused, but never for what it is.
    const { errors } = await test.graphql(String(document))
    expect([name, JSON.stringify(errors)]).toEqual([name, expect.not.stringContaining('persisted')])
  }
  expect(persistedOperations.size).toBe(documents.length)
})
