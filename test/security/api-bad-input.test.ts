import { getNamedType, isObjectType } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor, type ListName } from '../../src/graph/cursor.js'
import { createSchema } from '../../src/graph/schema.js'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'
import { providers } from '../support/providers.js'

// What nobody means well by, against the whole running system: each is refused in words, and the system goes on.

let app: TestApp
let registered: Registered
beforeAll(async () => {
  app = await startTestApp()
  registered = await app.register({ provider: 'careem', clientId: 'theirs', url: 'http://127.0.0.1:9/', events: ['x'] })
  const { json } = await send(app.url, registered, orderBody('careem', 'theirs'))
  await until('recorded', async () => (await app.graphql(`{ log(id: "${json.eventId}") { id } }`)).data?.log)
})
afterAll(() => app.stop())
afterEach(async () => {
  expect((await fetch(`${app.url}/health`)).status).toBe(200)
})

async function post(body: BodyInit, headers: Readonly<Record<string, string>> = {}) {
  const init = { method: 'POST', body, duplex: 'half', headers: await authorized(headers) }
  const response = await fetch(`${app.url}/graphql`, init)
  return { status: response.status, json: await response.json() }
}

async function authorized(headers: Readonly<Record<string, string>>) {
  return { 'content-type': 'application/json', authorization: `Bearer ${await app.token()}`, ...headers }
}

/** Codes of the errors, or what came instead. */
async function refusal(query: string, variables?: object): Promise<unknown> {
  const { data, errors } = await app.graphql(query, variables)
  return errors?.[0]?.extensions?.code ?? { data, errors }
}

describe('an operation that is too much', () => {
  const TEN_MEGABYTES = JSON.stringify({ query: `{ health { status } } # ${'x'.repeat(10 * 1024 * 1024)}` })

  it('of ten megabytes is refused before it is read', async () => {
    expect(await post(TEN_MEGABYTES)).toMatchObject({ status: 413, json: { error: { code: 'payload_too_large' } } })
  })

  it('of ten megabytes that does not say so is refused as it comes', async () => {
    const chunks = new Blob([TEN_MEGABYTES]).stream()
    const answer = await post(chunks).catch((error: unknown) => error)
    // It may see the connection close before it has sent everything: refused either way.
    if (!(answer instanceof TypeError)) expect(answer).toMatchObject({ status: 413 })
  })

  it.each([
    ['10,000 aliases', Array.from({ length: 10_000 }, (_, n) => `a${n}:health{status}`).join(' ')],
    ['10,000 times the same field', 'health{status} '.repeat(10_000)],
    ['10,000 levels', `${'a{'.repeat(10_000)}b${'}'.repeat(10_000)}`],
  ])('with %s is refused', async (_, selection) => {
    const { status, json } = await post(JSON.stringify({ query: `{ ${selection} }` }))
    expect([status, json.errors[0].message, json.data]).toEqual([200, expect.stringMatching(/tokens/), undefined])
  })

  it.each([
    '{ ...a } fragment a on Query { ...a }',
    '{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }',
    '{ logs { ...a } } fragment a on LogConnection { edges { node { ...b } } } fragment b on Log { order { ...c } id } fragment c on Order { id ...c }',
  ])('with fragments in a circle is refused: %s', async (query) => {
    const { json } = await post(JSON.stringify({ query }))
    expect(json).toMatchObject({ errors: [{ message: expect.stringMatching(/within itself|Cannot spread/) }] })
    expect(json.data).toBeUndefined()
  })
})

/** Every list of the schema, with the name its cursors carry. */
const LISTS: Readonly<Record<string, ListName>> = {
  logs: 'log',
  orders: 'order',
  menus: 'menu',
  auditLog: 'audit',
  replayJobs: 'replay',
  deadLetters: 'dead-letter',
  clients: 'client',
}
const queries = createSchema(providers.names).getQueryType()?.getFields() ?? {}

it('every connection of the schema is among the lists that are tried', () => {
  const connections = Object.values(queries).filter(({ type }) => getNamedType(type).name.endsWith('Connection'))
  expect(connections.map(({ name }) => name).sort()).toEqual(Object.keys(LISTS).sort())
})

describe.each(Object.entries(LISTS))('the list %s', (field, own) => {
  it.each([0, 101, -1, 1_000_000_000])('gives no page of %s', async (first) => {
    expect(await refusal(`{ ${field}(first: ${first}) { totalCount } }`)).toBe('BAD_USER_INPUT')
  })

  it('gives nothing after a cursor that is forged, or of another list, or of a subscription', async () => {
    const at = new Date(0).toISOString()
    const others = Object.values(LISTS).filter((name) => name !== own)
    const forged = Buffer.from(JSON.stringify([own, at, { $gt: '' }])).toString('base64url')
    const cursors = [...others.map((name) => encodeCursor(name, { at, id: 'x' })), forged, '', 'forged', '1', '\u0000']
    for (const after of cursors) {
      const query = `query ($after: String) { ${field}(after: $after) { totalCount } }`
      expect([after, await refusal(query, { after })]).toEqual([after, 'BAD_USER_INPUT'])
    }
    const { data } = await app.graphql(`{ ${field}(after: "${encodeCursor(own, { at, id: 'x' })}") { totalCount } }`)
    expect(data[field].totalCount).toBeGreaterThanOrEqual(0)
  })
})

describe('a range', () => {
  const BACKWARDS = 'startDate: "2026-03-15T00:00:00Z", endDate: "2026-03-14T00:00:00Z"'
  it.each([
    `{ logs(filter: { ${BACKWARDS} }) { totalCount } }`,
    `{ deadLetters(filter: { ${BACKWARDS} }) { totalCount } }`,
    '{ orders(filter: { placedAfter: "2026-03-15T00:00:00Z", placedBefore: "2026-03-14T00:00:00Z" }) { totalCount } }',
    `mutation { replay(filter: { ${BACKWARDS} }, dryRun: true) { total } }`,
    `mutation { redriveDeadLetters(filter: { ${BACKWARDS} }, dryRun: true) { matched } }`,
  ])('that runs backwards is refused: %s', async (query) => {
    expect(await refusal(query)).toBe('BAD_USER_INPUT')
  })

  it.each(['yesterday', '', '2026', '2026-13-01', '2026-02-30T25:00:00Z', '14/03/2026', 'Infinity', '9'.repeat(400)])(
    'with a bound that is no date is refused: %j',
    async (date) => {
      for (const [field, bound] of [
        ['logs', 'startDate'],
        ['deadLetters', 'endDate'],
        ['orders', 'placedAfter'],
      ])
        expect(await refusal(`{ ${field}(filter: { ${bound}: ${JSON.stringify(date)} }) { totalCount } }`)).toBe(
          'BAD_USER_INPUT',
        )
      const { status, json } = await app.api('GET', `/api/webhooks/logs?startDate=${encodeURIComponent(date)}`)
      expect([status, json.error.code]).toEqual([400, 'invalid_request'])
    },
  )
})

it.each([
  'limit=0',
  'limit=101',
  'limit=-1',
  'limit=1000000000',
  'limit=1e9',
  'limit=0x10',
  'limit=',
  'limit=NaN',
  'limit=1&limit=2',
  'offset=-1',
  'offset=1e9',
  'offset=99999999999999999999',
  'startDate=2026-03-15&endDate=2026-03-14',
  'clientId=../../etc',
  'clientId=%00',
  'clientId[$ne]=x&clientId={"$ne":1}',
  'status=',
])('REST gives no logs for %s', async (query) => {
  const { status, json } = await app.api('GET', `/api/webhooks/logs?${query}`)
  // A parameter that comes twice counts as it came last; one we do not know is nobody's.
  if (query === 'limit=1&limit=2') expect([status, json.limit]).toEqual([200, 2])
  else expect([status, json.error?.code]).toEqual([400, 'invalid_request'])
})

/** Ids that never were, and ids that are another client's: told alike, as not found. */
describe('an id', () => {
  const UNKNOWN = ['nobody', '', '../x', '\u0000', '💥', 'x'.repeat(10_000), '{"$ne":null}']
  const byId = Object.values(queries).filter(
    ({ args, type }) => args.some(({ name }) => name === 'id') && isObjectType(getNamedType(type)),
  )

  it.each([...byId.map(({ name }) => name), 'config'])('that is unknown gives no %s', async (field) => {
    for (const id of UNKNOWN) {
      const argument = field === 'config' ? 'clientId' : 'id'
      const answer = await refusal(`query ($id: ID!) { ${field}(${argument}: $id) { __typename } }`, { id })
      expect([field, id, answer]).toEqual([field, id, 'NOT_FOUND'])
    }
  })

  it('of another client is answered exactly as one that never was, as 404 and not as 403', async () => {
    const token = await app.token({ role: 'admin', client: 'mine' })
    const rest = async (method: string, path: string): Promise<Json> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = method === 'GET' ? {} : { body: '{}' }
      const response = await fetch(`${app.url}/api/webhooks${path}`, { method, headers, ...body })
      return [response.status, await response.json()]
    }
    const [log] = (await app.api('GET', '/api/webhooks/logs?clientId=theirs')).json.logs
    for (const [method, path] of [
      ['GET', '/config/'],
      ['PUT', '/config/'],
      ['GET', '/logs?clientId='],
      ['GET', '/stats?clientId='],
    ] as const) {
      const theirs = await rest(method, `${path}theirs`)
      expect(theirs).toEqual([404, expect.anything()])
      expect(theirs).toEqual(await rest(method, `${path}nobody`))
    }
    expect(await rest('POST', `/retry/${log.id}`)).toEqual(await rest('POST', '/retry/nobody'))
    const graphql = async (query: string): Promise<Json> => (await app.graphql(query, undefined, token)).errors
    for (const query of [
      `{ log(id: "ID") { id } }`,
      `{ webhook(id: "WEBHOOK") { id } }`,
      `{ config(clientId: "CLIENT") { clientId } }`,
      `mutation { rotateSecret(webhookId: "WEBHOOK") { secretKey } }`,
    ]) {
      const of = (id: string, webhook: string, client: string) =>
        query.replace('ID', id).replace('WEBHOOK', webhook).replace('CLIENT', client)
      const theirs = await graphql(of(log.id, registered.webhookId, 'theirs'))
      const nobodys = await graphql(of('nobody', 'nobody', 'nobody'))
      expect(theirs.map(withoutPlace)).toEqual(nobodys.map(withoutPlace))
      expect(theirs[0].extensions.code).toBe('NOT_FOUND')
    }
  })
})

function withoutPlace({ locations: _, ...error }: Json): Json {
  return error
}
