import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Viewer } from '../../src/graph/auth.js'
import type { StoreHour } from '../../src/graph/ports.js'
import { REST_OPERATIONS } from '../../src/graph/rest/operations.js'
import { API_VERSIONS } from '../../src/graph/rest/versions.js'
import { createSchema } from '../../src/graph/schema.js'
import { createTestGraph } from '../support/graph.js'
import {
  aClient,
  aDispatch,
  aDuplicate,
  aLog,
  aMenu,
  anOrder,
  createMemoryAlerts,
  createMemoryPorts,
  NOW,
} from '../support/memory-ports.js'
import { providers } from '../support/providers.js'

// Walks every query, mutation, subscription and field of the schema, and every REST route, with the token of one client
// and the ids of another. What is theirs carries the word; it must come back nowhere, and nothing of theirs may change.

const MINE = { role: 'admin', client: 'mine' } as const
const FOREIGN_IDS = [
  'evt_theirs',
  'wh_theirs',
  'theirs',
  'external-ord_theirs',
  'ord_theirs',
  'rpl_theirs',
  'aud_theirs',
  'mnu_theirs',
  'alr_theirs',
]
/** Theirs comes first everywhere: whoever has got to mine has passed theirs. */
const CLIENTS = ['theirs', 'mine']
const schema = createSchema(providers.names)

/** What a store's orders came to: of everybody's, where no client was named. */
function anHour({ clientId = 'theirs', since }: { readonly clientId?: string; readonly since: string }): StoreHour {
  const none = { accepted: 0, rejected: 0, cancelled: 0, failed: 0, acceptTimes: new Map(), revenue: [] }
  return { at: since, provider: 'careem', storeRef: `store-of-${clientId}`, orders: 1, ...none }
}

/** What happens to them, and then to us. */
function happen(test: ReturnType<typeof setUp>): void {
  for (const clientId of CLIENTS) {
    test.append(aDuplicate(clientId, `evt_${clientId}`))
    test.append(aDispatch(clientId, anOrder(`ord_${clientId}`, clientId)))
    void test.ports.alerts.acknowledge(`alr_${clientId}`, { v: 1, at: NOW.toISOString(), by: clientId })
  }
}

function setUp() {
  const alerts = createMemoryAlerts(CLIENTS.map((clientId) => [`alr_${clientId}`, clientId]))
  const test = createTestGraph(createMemoryPorts({ alerts, analytics: { readOrders: async (of) => [anHour(of)] } }))
  for (const clientId of CLIENTS) {
    test.clients.set(clientId, aClient(clientId))
    test.logs.push(aLog(`evt_${clientId}`, clientId))
    test.orders.push(anOrder(`ord_${clientId}`, clientId))
    test.menus.push(aMenu(`mnu_${clientId}`, clientId))
  }
  const at = NOW.toISOString()
  const job = { status: 'running', filter: { clientId: 'theirs' }, dryRun: false, ratePerSecond: 1, total: 9 } as const
  const progress = { processed: 0, queued: 0, skipped: 0, createdAt: at, updatedAt: at, finishedAt: null, error: null }
  test.replays.set('rpl_theirs', { ...job, ...progress, id: 'rpl_theirs', position: null, clientId: 'theirs' })
  const actor = { subject: null, role: 'admin', client: 'theirs' }
  const record = { id: 'aud_theirs', at, actor, action: 'replay', targetId: 'rpl_theirs', clientId: 'theirs' } as const
  test.audits.push({ ...record, changes: null, remoteAddress: '', via: 'graphql' })
  return test
}

const isRequired = (argument: GraphQLArgument): boolean => isNonNullType(argument.type)

/** A value of a type with another's ids wherever an id may stand. */
function literalOf(type: GraphQLInputType, name: string, id: string): string {
  if (isNonNullType(type)) return literalOf(type.ofType, name, id)
  if (isListType(type)) return `[${literalOf(type.ofType, name, id)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) || ['clientId', 'webhookId', 'eventId', 'orderId'].includes(field.name),
    )
    return `{ ${fields.map((field) => `${field.name}: ${literalOf(field.type, field.name, id)}`).join(', ')} }`
  }
  if (name === 'clientId') return '"theirs"'
  if (name === 'url') return '"https://evil.example.com/"'
  const values: Readonly<Record<string, string>> = {
    ID: `"${id}"`,
    Int: '1',
    Boolean: 'false',
    DateTime: `"${NOW.toISOString()}"`,
  }
  return values[type.name] ?? `"${id}"`
}

function callOf(field: GraphQLField<unknown, unknown>, withOptional: boolean, id: string): string {
  const given = field.args.filter(
    (argument) =>
      isRequired(argument) ||
      (withOptional &&
        ['ID', 'EventFilter', 'LogFilter', 'OrderFilter', 'AuditFilter'].includes(getNamedType(argument.type).name)),
  )
  const values = given.map((argument) => `${argument.name}: ${literalOf(argument.type, argument.name, id)}`)
  return `${field.name}${values.length > 0 ? `(${values.join(', ')})` : ''}${selectionOf(field.type, 5)}`
}

/** Every field of a type, and of what it leads to. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).filter(
    (field) => !field.args.some(isRequired) && (depth > 0 || !isObjectType(getNamedType(field.type))),
  )
  return ` { __typename ${fields.map((field) => `${field.name}${selectionOf(field.type, depth - 1)}`).join(' ')} }`
}

/** What a subscription tells, until it has told of what is ours or has ended. */
async function follow(test: ReturnType<typeof setUp>, query: string, viewer: Viewer = MINE): Promise<string> {
  const headers = { accept: 'text/event-stream' }
  const { json, response } = await test.call('post', '/graphql', { viewer, headers, body: { query } })
  if (response.stream === undefined) return JSON.stringify(json)
  let text = ''
  const happening = setTimeout(happen, 0, test)
  for await (const chunk of response.stream) {
    text += Buffer.from(chunk).toString('utf8')
    if (/mine|"total":1/.test(text)) break
  }
  clearTimeout(happening)
  return text
}

const REGISTRATION = { clientId: 'theirs', provider: 'careem', url: 'https://evil.example.com/', events: ['*'] }

const operations = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ['query', field] as const),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ['mutation', field] as const),
]

describe("with another client's token", () => {
  it.each(operations.map(([kind, field]) => [`${kind} ${field.name}`, kind, field] as const))(
    '%s gives nothing',
    async (_, kind, field) => {
      // One that names nothing by id asks the same whatever the id.
      const ids = callOf(field, true, 'a') === callOf(field, true, 'b') ? ['theirs'] : FOREIGN_IDS
      let test = setUp()
      for (const id of ids) {
        for (const withOptional of [false, true]) {
          if (kind === 'mutation') test = setUp()
          const before = JSON.stringify([test.clients.get('theirs'), test.replays.get('rpl_theirs')])
          const query = `${kind} { ${callOf(field, withOptional, id)} }`
          const { data, errors } = await test.graphql(query, undefined, MINE)
          // It must have run, or have been refused for what it asks; a walk that is no valid operation proves nothing.
          expect(
            errors.filter(({ message }) => /Cannot query|Unknown|Syntax|Expected|tokens|deeper/.test(message)),
          ).toEqual([])
          expect(JSON.stringify(data ?? null)).not.toContain('theirs')
          expect(JSON.stringify([test.clients.get('theirs'), test.replays.get('rpl_theirs')])).toBe(before)
          expect([test.retried, test.tests, test.errors]).toEqual([[], [], []])
        }
      }
    },
  )

  it.each(Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map((field) => [field.name, field] as const))(
    'subscription %s tells nothing',
    async (_, field) => {
      const isById = callOf(field, true, 'a') !== callOf(field, true, 'b')
      for (const id of isById ? FOREIGN_IDS : ['theirs']) {
        for (const withOptional of [false, true]) {
          const test = setUp()
          const text = await follow(test, `subscription { ${callOf(field, withOptional, id)} }`)
          expect(text).not.toMatch(/Cannot query|Unknown|Syntax|Expected|tokens|deeper/)
          expect(text).not.toContain('theirs')
          // It told of what is ours, or refused: silence proves nothing.
          expect(text).toMatch(/mine|"total":1|NOT_FOUND|FORBIDDEN/)
          expect([test.subscriptions(), test.errors]).toEqual([0, []])
        }
      }
    },
  )

  it.each(API_VERSIONS.flatMap(({ base }) => REST_OPERATIONS.map((each) => [each.method, `${base}/${each.path}`])))(
    '%s %s gives nothing',
    async (method, path) => {
      const test = setUp()
      for (const id of FOREIGN_IDS) {
        const before = JSON.stringify([test.clients.get('theirs')])
        for (const query of ['', '?clientId=theirs', '?provider=careem']) {
          const body = method === 'get' ? undefined : { ...REGISTRATION, webhookId: id, logId: id }
          const { status, json } = await test.call(method, path.replace(/:\w+/, id) + query, { viewer: MINE, body })
          // What names nothing of theirs is answered with what is ours.
          const isForeign = path.includes(':') || path.endsWith('register') || query.includes('theirs')
          if (isForeign && !path.endsWith('retry/stats')) expect(status).toBe(404)
          else expect(status).toBe(200)
          expect(JSON.stringify(json)).not.toContain('theirs')
        }
        expect(JSON.stringify([test.clients.get('theirs')])).toBe(before)
        expect([test.retried, test.audits.length, test.errors]).toEqual([[], 1, []])
      }
    },
  )

  it('the walk sees what its own token may: it can fail', async () => {
    const test = setUp()
    const { data } = await test.graphql('{ logs { edges { node { clientId } } } }', undefined, { role: 'admin' })
    expect(JSON.stringify(data)).toContain('theirs')
    expect(await follow(setUp(), 'subscription { alerts { id } }', { role: 'viewer' })).toContain('alr_theirs')
  })
})
