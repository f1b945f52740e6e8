import { describe, expect, it } from 'vitest'
import { createSchema } from '../../../src/graph/schema.js'
import { createTestGraph } from '../../support/graph.js'
import { aClient, aLog, createMemoryPorts, NOW } from '../../support/memory-ports.js'
import { providers } from '../../support/providers.js'

// Every mutation of the schema writes down who changed what, and does no harm when it is asked for twice: a client whose
// answer was lost asks again.

type Mutation = {
  readonly call: string /** What it is written down as having changed. */
  readonly targetId: string | RegExp /** How often two calls write it down: once where the second changes nothing. */
  readonly records: 1 | 2
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  acknowledgeAlert: { call: '(id: "alr_all") { acknowledgedBy }', targetId: 'alr_all', records: 1 },
  cancelReplay: { call: '(id: "rpl_1") { status }', targetId: 'rpl_1', records: 1 },
  deleteWebhook: { call: '(id: "wh_c1")', targetId: 'wh_c1', records: 1 },
  redriveDeadLetters: { call: '(filter: { clientId: "c1" }) { queued }', targetId: 'c1', records: 2 },
  registerWebhook: {
    call: '(input: { clientId: "c1", provider: JAHEZ, url: "https://pos.example.com", events: ["*"], idempotencyKey: "k" }) { secretKey signingSecret }',
    targetId: /^wh_/,
    records: 1,
  },
  // The test's clock stands still, and two calls of one moment cannot be told apart.
  replay: { call: '(filter: { clientId: "c1" }, idempotencyKey: "k") { id }', targetId: /^rpl_/, records: 2 },
  retryLog: { call: '(id: "evt_1") { success }', targetId: 'evt_1', records: 2 },
  rotateSecret: {
    call: '(webhookId: "wh_c1", idempotencyKey: "k") { secretKey signingSecret }',
    targetId: 'wh_c1',
    records: 1,
  },
  sendTestEvent: { call: '(webhookId: "wh_c1", idempotencyKey: "k") { id }', targetId: 'wh_c1', records: 2 },
  updateConfig: {
    call: '(clientId: "c1", input: { retryPolicy: { maxRetries: 7 } }) { retryPolicy { maxRetries } }',
    targetId: 'c1',
    records: 2,
  },
  updateWebhook: { call: '(id: "wh_c1", input: { events: ["x"] }) { events }', targetId: 'wh_c1', records: 2 },
}

it('the table names every mutation of the schema', () => {
  const fields = createSchema(providers.names).getMutationType()?.getFields() ?? {}
  expect(Object.keys(MUTATIONS).sort()).toEqual(Object.keys(fields).sort())
})

function setUp() {
  const test = createTestGraph(createMemoryPorts())
  test.clients.set('c1', aClient('c1'))
  test.logs.push(aLog('evt_1', 'c1'))
  const at = NOW.toISOString()
  const progress = { processed: 0, queued: 0, skipped: 0, createdAt: at, updatedAt: at, finishedAt: null, error: null }
  const job = { id: 'rpl_1', status: 'running', filter: {}, dryRun: false, ratePerSecond: 1, total: 1 } as const
  test.replays.set('rpl_1', { ...job, ...progress, position: null, clientId: 'c1' })
  return test
}

/** All that a mutation can change, without what counts its calls. */
function stateOf({ clients, replays, ports }: ReturnType<typeof setUp>): string {
  const all = [...clients.values()].map(({ version: _, ...client }) => client)
  return JSON.stringify([all, [...replays.values()], ports.alerts.listAlerts()])
}

describe.each(Object.entries(MUTATIONS))('%s', (name, { call, targetId, records }) => {
  it('writes down who did what, from where, without secrets', async () => {
    const test = setUp()
    const { errors } = await test.graphql(`mutation { ${name}${call} }`, undefined, { role: 'admin', subject: 'ada' })
    expect(errors).toEqual([])
    expect(test.audits).toEqual([
      expect.objectContaining({
        action: name,
        targetId: typeof targetId === 'string' ? targetId : expect.stringMatching(targetId),
        actor: { subject: 'ada', role: 'admin', client: null },
        remoteAddress: '127.0.0.1',
        via: 'graphql',
      }),
    ])
    const secrets = [...test.clients.values()].flatMap(({ webhooks }) =>
      webhooks.flatMap(({ credentials, signingSecret }) => [credentials.secretKey, signingSecret]),
    )
    for (const secret of secrets) expect(JSON.stringify(test.audits)).not.toContain(secret)
  })

  it('asked for twice has done it once', async () => {
    const test = setUp()
    const first = await test.graphql(`mutation { ${name}${call} }`)
    const [after, tests] = [stateOf(test), new Set(test.tests.map(({ event }) => event.id)).size]
    const second = await test.graphql(`mutation { ${name}${call} }`)
    expect(stateOf(test)).toBe(after)
    if (name === 'deleteWebhook') expect(second.codes).toEqual(['NOT_FOUND'])
    else expect(second.data).toEqual(first.data)
    expect(new Set(test.tests.map(({ event }) => event.id)).size).toBe(tests)
    expect(test.audits).toHaveLength(records)
  })

  it('refused writes nothing down', async () => {
    const test = setUp()
    const { codes } = await test.graphql(`mutation { ${name}${call} }`, undefined, { role: 'viewer' })
    expect([codes, test.audits, test.retried]).toEqual([['FORBIDDEN'], [], []])
  })
})
