import { MongoClient } from 'mongodb'
import { connect, type NatsConnection } from 'nats'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { bucketId, SPANS, startOf } from '../../src/domain/bucket.js'
import type { InstanceSample } from '../../src/domain/instance-sample.js'
import { storeKeyOf } from '../../src/domain/order-tallies.js'
import { RULE_NAMES, RULES, type RuleName } from '../../src/processors/alerts/rules.js'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'
import { startMailServer } from '../support/mail-server.js'

// Every rule, driven to fire and to clear in a whole installation: real streams, real deliveries, the real evaluator.
// The test moves the clock, and what it cannot cause (a busy CPU, little memory, a slow ingress) it tells as an instance
// tells it: by samples on the same subject. Told of by webhook, Slack-compatible webhook and mail.

const SECRET = `whsec_${Buffer.from('a-secret-of-the-alert-tests-0123').toString('base64')}`
const MINUTE = 60_000
const BULK = 1_100
/** What rings at once; the others must last. */
const AT_ONCE: readonly RuleName[] = ['dead_letters', 'endpoint_failing']
const SAMPLED: readonly RuleName[] = ['high_response_time', 'high_error_rate', 'memory_usage', 'cpu_usage']

let offset = 0
const started = Date.now()
/** A hundred times slower than time: however busy the machine, nothing lasts but what the test makes last. */
const now = (): Date => new Date(started + offset + (Date.now() - started) / 100)

/** How the instance that is not there does: its numbers each second. */
const ILL = { requests: 5_000, failedRequests: 1_000, requestMs: 5_000 * 900, memory: 0.95, cpu: 0.97 }
/** Below what fires and above what clears. */
const BETWEEN = { requests: 5_000, failedRequests: 200, requestMs: 5_000 * 450, memory: 0.77, cpu: 0.85 }
const WELL = { requests: 5_000, failedRequests: 0, requestMs: 5_000 * 20, memory: 0.2, cpu: 0.1 }
let health = ILL

let app: TestApp
let nats: NatsConnection
let mongo: MongoClient
let endpoint: Receiver
let people: Receiver
let mail: Awaited<ReturnType<typeof startMailServer>>
let sampling: NodeJS.Timeout
let answer = 500
const clients = new Map<string, Registered>()
beforeAll(async () => {
  endpoint = await startReceiver({ reply: ({ path }) => ({ status: path === '/bulk' ? 200 : answer }) })
  people = await startReceiver()
  mail = await startMailServer()
  app = await startTestApp({
    now,
    alertsEveryMs: 100,
    environment: {
      ALERT_WEBHOOK_URL: `${people.url}/webhook`,
      ALERT_WEBHOOK_SECRET: SECRET,
      ALERT_SLACK_URL: `${people.url}/slack`,
      ALERT_EMAIL_TO: 'ops@example.com',
      SMTP_URL: mail.url,
    },
  })
  nats = await connect({ servers: inject('natsUrl') })
  mongo = await MongoClient.connect(inject('mongoUrl'))
  // The stand-in for MongoDB refuses some writes while indexes are made beside them.
  const database = mongo.db(app.environment['MONGODB_DATABASE'])
  await until('the database is migrated', async () => {
    const isDone = (await database.collection('migrations').countDocuments()) > 0
    return isDone && (await database.collection('locks').countDocuments()) === 0
  })
  await register('failing', 'careem', { maxRetries: 0 })
  await register('retried', 'careem', { maxRetries: 3, retryDelays: [30_000] })
  await register('patient', 'jahez', { maxRetries: 3, retryDelays: [3_600_000] })
  await register('silent', 'careem', { maxRetries: 0 })
  await register('bulk', 'careem', { maxRetries: 0 })
  sampling = startInstance()
})
afterAll(async () => {
  clearInterval(sampling)
  await app?.stop()
  await nats?.close()
  await mongo?.close()
  await endpoint?.close()
  await people?.close()
  mail?.close()
})

async function register(clientId: string, provider: string, retryPolicy: object): Promise<void> {
  const config = { retryPolicy, security: { rateLimiting: { enabled: false } } }
  clients.set(clientId, await app.register({ provider, clientId, url: `${endpoint.url}/${clientId}`, config }))
}

/** An instance that tells of itself every quarter of a second. */
function startInstance(): NodeJS.Timeout {
  const first = Date.now()
  let totals = { requests: 0, failedRequests: 0, requestMs: 0 }
  return setInterval(() => {
    totals = {
      requests: totals.requests + health.requests / 4,
      failedRequests: totals.failedRequests + health.failedRequests / 4,
      requestMs: totals.requestMs + health.requestMs / 4,
    }
    const sample: InstanceSample = {
      ...{ v: 1, instance: 'elsewhere', atMs: Date.now() - first, ...totals },
      ...{ attempts: 0, failedAttempts: 0, attemptMs: 0, attemptTimes: {}, connections: 0 },
      ...{ memoryBytes: health.memory * 1e9, memoryLimitBytes: 1e9, cpu: health.cpu },
    }
    nats.publish(`${app.environment['NATS_PREFIX']}.samples`, JSON.stringify(sample))
  }, 250)
}

async function sendTo(clientId: string, body: string): Promise<string> {
  const { status, json } = await send(app.url, clients.get(clientId) as Registered, body, { nowMs: now().getTime() })
  expect(status).toBe(200)
  return json.eventId
}

const ALERTS = '{ alerts { id rule subject active firedAt resolvedAt acknowledgedBy message } }'
const alerts = async (): Promise<Json[]> => (await app.graphql(ALERTS)).data.alerts
const activeRules = async (): Promise<RuleName[]> =>
  (await alerts()).filter(({ active }) => active).map(({ rule }) => rule)

/** Resolves when the rules have been looked at, from beginning to end, at the clock as it is now. */
async function looked(times = 1): Promise<void> {
  const book = await nats.jetstream().views.kv(`${app.environment['NATS_PREFIX']}_ALERTS`, { bindOnly: true })
  const revision = async (): Promise<number> => {
    const lease = await book.get('lease')
    return lease?.revision ?? 0
  }
  for (let looks = 0; looks <= times; looks += 1) {
    const before = await revision()
    await until('a look', async () => (await revision()) > before)
  }
}

async function advance(ms: number): Promise<void> {
  offset += ms
  await looked()
}

/** Moves the clock on, at most by `most`, until these rules are all active, or none of them. */
async function untilActive(rules: readonly RuleName[], active: boolean, most: number): Promise<void> {
  const step = most / 10
  for (let moved = 0; moved <= most; moved += step) {
    const found = await activeRules()
    if (rules.every((rule) => found.includes(rule) === active)) return
    await advance(step)
  }
  expect((await activeRules()).filter((rule) => rules.includes(rule)).sort()).toEqual(active ? [...rules].sort() : [])
}

type Metrics = Readonly<Record<'queueDepth' | 'cpuUsage' | 'memoryUsage' | 'errorRate' | 'avgResponseTime', number>>
const isIll = (metrics: Metrics): boolean =>
  metrics.cpuUsage > 0.9 && metrics.memoryUsage > 0.8 && metrics.errorRate > 0.05 && metrics.avgResponseTime > 500
const isWell = (metrics: Metrics): boolean => metrics.errorRate < 0.03 && metrics.avgResponseTime < 400

/** The metrics are of the last ten seconds, whatever the clock says. */
function shown(holds: (metrics: Metrics) => boolean): Promise<unknown> {
  const query = '{ metrics { queueDepth cpuUsage memoryUsage errorRate avgResponseTime } }'
  return until('it shows in the metrics', async () => holds((await app.graphql(query)).data.metrics), 30_000)
}

async function setPaused(isPaused: boolean): Promise<void> {
  const manager = await nats.jetstreamManager()
  const stream = `${app.environment['NATS_PREFIX']}_DELIVERIES`
  const untilAt = new Date(Date.now() + 3_600_000)
  // What exceeds a client's share is of low priority.
  for (const consumer of ['deliver-medium', 'deliver-low'])
    if (isPaused) await manager.consumers.pause(stream, consumer, untilAt)
    else await manager.consumers.resume(stream, consumer)
}

/** Orders came to the store in this and the next hour of the four weeks before. */
async function giveHistory(clientId: string): Promise<void> {
  const buckets = mongo.db(app.environment['MONGODB_DATABASE']).collection<{ _id: string }>('buckets')
  const hour = startOf('hour', now().getTime())
  for (const week of [1, 2, 3, 4])
    for (const at of [hour - SPANS.hour, hour, hour + SPANS.hour])
      await buckets.insertOne({
        _id: bucketId('orders', 'hour', clientId, at - week * 7 * SPANS.day),
        ...{ stores: { [storeKeyOf('careem', null)]: { orders: 9 } } },
      })
}

const subjectOf = (line: string): string => line.replace(/^\[\w+\] /, '')
/** What each channel was told, in its own form, as `state title`. */
function told(): Readonly<Record<'webhook' | 'slack' | 'mail', readonly string[]>> {
  const at = (path: string) => people.received.filter((request) => request.path === path)
  return {
    webhook: at('/webhook').map(({ body, headers }) => {
      // Its timestamp is by a clock that was moved: that signatures hold is the channel's own test.
      expect(headers['webhook-signature']).toMatch(/^v1,/)
      const { type, data } = JSON.parse(body)
      return `${type === 'alert.fired' ? 'fired' : 'resolved'} ${data.title}`
    }),
    slack: at('/slack').map(({ body }) => {
      const { text } = JSON.parse(body)
      return `${text.startsWith('[resolved]') ? 'resolved' : 'fired'} ${subjectOf(text).split(':')[0]}`
    }),
    mail: mail.mails.map(({ text }) => (/^until {6}/m.test(text) ? 'resolved' : 'fired')),
  }
}

const toldOf = (count: number) => async (): Promise<boolean> => {
  const { webhook, slack, mail: mails } = told()
  return webhook.length === count && slack.length === count && mails.length === count
}

it('each of the ten rules fires and clears, is told by every channel, acknowledged, and kept', async () => {
  // What goes wrong.
  await looked()
  await giveHistory('silent')
  await sendTo('patient', orderBody('jahez', 'waiting'))
  const retried = await sendTo('retried', orderBody('careem', 'retried'))
  const failed: string[] = []
  for (let index = 0; index < 6; index += 1) failed.push(await sendTo('failing', orderBody('careem', `f${index}`)))
  await until('what rings at once', async () => {
    const active = await activeRules()
    return AT_ONCE.every((rule) => active.includes(rule))
  })
  await until('the retry waits', async () => {
    const { data } = await app.graphql(`{ log(id: "${retried}") { stage } }`)
    return data.log?.stage === 'RETRYING'
  })
  await setPaused(true)
  await Promise.all(Array.from({ length: BULK }, (_, index) => sendTo('bulk', orderBody('careem', `b${index}`))))
  await shown((metrics) => metrics.queueDepth > 1_000 && isIll(metrics))
  await looked(2)
  // None of those that must have lasted.
  expect((await activeRules()).filter((rule) => RULES[rule].forMs > 0)).toEqual([])

  // It lasts: those that must have lasted fire, each once. Of five minutes, jahez's restaurant has one left.
  await advance(4 * MINUTE + 10_000)
  expect(await activeRules()).not.toContain('overdue_retries')
  await untilActive(RULE_NAMES, true, 2 * MINUTE)
  const fired = await alerts()
  expect(fired.map(({ rule }) => rule).sort()).toEqual([...RULE_NAMES].sort())
  expect(fired.find(({ rule }) => rule === 'store_silent')?.subject).toBe('silent on careem')
  expect(fired.find(({ rule }) => rule === 'orders_at_risk')?.subject).toBe('patient')
  await until('everybody is told', toldOf(10))
  const exposed = await (await fetch(`${app.url}/metrics`)).text()
  for (const rule of RULE_NAMES) expect(exposed).toMatch(new RegExp(`orderwire_alerts_active\\{rule="${rule}",.+\\} 1`))
  const busy = fired.find(({ rule }) => rule === 'cpu_usage')
  const acknowledge = `mutation { acknowledgeAlert(id: "${busy?.id}") { acknowledgedBy active } }`
  expect((await app.graphql(acknowledge)).data.acknowledgeAlert).toEqual({ acknowledgedBy: 'admin', active: true })

  // Better, but not well: nothing clears however long it lasts, and nothing rings again.
  health = BETWEEN
  await shown(({ errorRate, avgResponseTime }) => errorRate < 0.05 && avgResponseTime < 500)
  await advance(MINUTE)
  await advance(2 * MINUTE)
  expect((await activeRules()).sort()).toEqual([...RULE_NAMES].sort())

  // Well again.
  health = WELL
  answer = 200
  await setPaused(false)
  await until(
    'the queue is empty',
    async () => (await app.graphql('{ metrics { queueDepth } }')).data.metrics.queueDepth < 500,
  )
  for (const id of [...failed, retried]) await app.api('POST', `/api/webhooks/retry/${id}`)
  await sendTo('silent', orderBody('careem', 'heard'))
  const accepted = { action: 'update', order: { jahez_id: 'j-waiting', status: 'A' } }
  await sendTo(
    'patient',
    JSON.stringify({ event_type: 'order_action', timestamp: now().toISOString(), data: accepted }),
  )
  await until('all of it is on record', async () => {
    const { data } = await app.graphql(
      '{ orders(first: 100, filter: {clientId: "patient"}) { edges { node { status } } } }',
    )
    const { scheduled } = (await app.graphql('{ retryStats { scheduled } }')).data.retryStats
    return data.orders.edges[0]?.node.status === 'ACCEPTED' && scheduled <= 1
  })
  await shown(isWell)
  const others = RULE_NAMES.filter((rule) => rule !== 'dead_letters')
  await untilActive(others, false, 5 * MINUTE)
  // For a quarter of an hour more: what was given up is still given up.
  expect(await activeRules()).toEqual(['dead_letters'])
  await untilActive(['dead_letters'], false, 20 * MINUTE)
  await until('everybody is told of the end', toldOf(20))
  const history = await alerts()
  expect(history).toHaveLength(10)
  for (const { firedAt, resolvedAt } of history) expect(Date.parse(resolvedAt)).toBeGreaterThan(Date.parse(firedAt))
  expect(history.find(({ rule }) => rule === 'cpu_usage')?.acknowledgedBy).toBe('admin')
  const { webhook, slack, mail: mails } = told()
  expect([...webhook].sort()).toEqual([...slack].sort())
  expect(new Set(webhook).size).toBe(20)
  expect(mails.filter((state) => state === 'resolved')).toHaveLength(10)

  // The same again within the hour is shown and not told; after it, told.
  health = ILL
  await shown(isIll)
  await untilActive(SAMPLED, true, 5 * MINUTE)
  health = WELL
  await shown(isWell)
  await untilActive(SAMPLED, false, 5 * MINUTE)
  expect(await toldOf(20)()).toBe(true)
  await advance(90 * MINUTE)
  health = ILL
  await shown(isIll)
  await untilActive(SAMPLED, true, 5 * MINUTE)
  await until('it is told anew', () =>
    SAMPLED.every((rule) =>
      (['webhook', 'slack'] as const).every(
        (channel) => told()[channel].filter((line) => line === `fired ${RULES[rule].title}`).length === 2,
      ),
    ),
  )
}, 240_000)
