import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { freePort } from '../../dev/stack/server-process.js'
import { type Json, orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'
import { ended, startServe } from '../support/child.js'

// Replays and retries by hand on the whole system, with the processes that work on them killed and stopped.

let reader: TestApp
let pos: Receiver
let environment: Readonly<Record<string, string>>
let serving: Awaited<ReturnType<typeof startServe>> | undefined
/** What the point of sale answers, by path. */
const answers = new Map<string, number>()

beforeAll(async () => {
  pos = await startReceiver({ reply: ({ path }) => ({ status: answers.get(path) ?? 200 }) })
  // Registers and reads; takes no part in processing.
  reader = await startTestApp({ role: 'graph', natsUrl: inject('natsUrl') })
  environment = { ...reader.environment, PORT: String(await freePort()) }
  serving = await startServe(environment)
})
afterEach(async () => {
  if (serving === undefined || serving.exitCode !== null) serving = await startServe(environment)
})
afterAll(async () => {
  serving?.kill('SIGKILL')
  await reader.stop()
  await pos.close()
})

const LOGS = '{ id stage attempts { attempt trigger result nextAttemptAt } }'

async function receive(target: Registered, count: number): Promise<readonly string[]> {
  const url = `http://127.0.0.1:${environment['PORT']}`
  const bodies = Array.from({ length: count }, (_, n) => orderBody(target.provider, `${target.clientId}-${n}`))
  return (await Promise.all(bodies.map((body) => send(url, target, body)))).map(({ json }) => json.eventId)
}

async function readLogs(clientId: string): Promise<Json[]> {
  const { data } = await reader.graphql(
    `{ logs(first: 100, filter: { clientId: "${clientId}" }) { edges { node ${LOGS} } } }`,
  )
  return data.logs.edges.map(({ node }: Json) => node)
}

const attemptsOf = (log: Json, trigger: string): Json[] => log.attempts.filter((each: Json) => each.trigger === trigger)

async function startReplay(clientId: string, ratePerSecond: number): Promise<string> {
  const query = `mutation { replay(filter: { clientId: "${clientId}" }, ratePerSecond: ${ratePerSecond}) { id } }`
  return (await reader.graphql(query)).data.replay.id
}

async function jobWhen(id: string, what: string, is: (job: Json) => boolean): Promise<Json> {
  const query = `{ replayJob(id: "${id}") { status total processed queued skipped } }`
  return until(
    what,
    async () => {
      const { replayJob } = (await reader.graphql(query)).data
      return is(replayJob) && replayJob
    },
    60_000,
  )
}

it('a replay whose process is killed with -9, and then stopped, goes on and sends each log once', async () => {
  const count = 60
  const target = await reader.register({ provider: 'jahez', clientId: 'replayed', url: `${pos.url}/replayed` })
  await receive(target, count)
  await until(
    'delivered',
    async () => {
      const logs = await readLogs('replayed')
      return logs.length === count && logs.every(({ stage }) => stage === 'DELIVERED')
    },
    60_000,
  )
  const id = await startReplay('replayed', 20)
  for (const [signal, processed] of [
    ['SIGKILL', 10],
    ['SIGTERM', 30],
  ] as const) {
    await jobWhen(id, `${processed} are done`, (job) => job.processed >= processed)
    serving?.kill(signal)
    if (serving !== undefined) await ended(serving)
    expect((await jobWhen(id, 'still there', () => true)).status).toBe('RUNNING')
    serving = await startServe(environment)
  }
  const job = await jobWhen(id, 'completed', ({ status }) => status !== 'RUNNING')
  expect(job).toEqual({ status: 'COMPLETED', total: count, processed: count, queued: count, skipped: 0 })
  const logs = await until(
    'every log has its attempt',
    async () => {
      const all = await readLogs('replayed')
      return all.every((log) => attemptsOf(log, 'manual').length > 0) && all
    },
    60_000,
  )
  for (const log of logs) {
    expect(attemptsOf(log, 'manual')).toMatchObject([{ attempt: 1, result: 'delivered' }])
    expect(attemptsOf(log, 'automatic')).toHaveLength(1)
  }
  expect(new Set(pos.received.map(({ headers }) => headers['webhook-id'])).size).toBe(count)
}, 180_000)

it('neither a retry by hand nor a replay uses up or renews the automatic attempts', async () => {
  const path = '/failing'
  answers.set(path, 500)
  const target = await reader.register({ provider: 'jahez', clientId: 'failing', url: `${pos.url}${path}` })
  const retryPolicy = { maxRetries: 2, retryDelays: [1, 10_000], exponentialBackoff: false }
  await reader.api('PUT', '/api/webhooks/config/failing', { retryPolicy })
  const [eventId] = await receive(target, 1)
  const logWhen = (what: string, is: (log: Json) => boolean): Promise<Json> =>
    until(what, async () => (await readLogs('failing')).find((log) => is(log)), 60_000)
  await logWhen('the last automatic attempt is waiting', (log) => attemptsOf(log, 'automatic').length === 2)
  expect((await reader.api('POST', `/api/webhooks/retry/${eventId}`)).status).toBe(200)
  await logWhen('retried by hand', (log) => attemptsOf(log, 'manual').length === 1)
  const dead = await logWhen('given up', (log) => attemptsOf(log, 'automatic').length === 3)
  expect(attemptsOf(dead, 'automatic').map(({ attempt, result }) => [attempt, result])).toEqual([
    [1, 'retrying'],
    [2, 'retrying'],
    [3, 'dead'],
  ])
  await reader.api('POST', `/api/webhooks/retry/${eventId}`)
  await logWhen('retried once more', (log) => attemptsOf(log, 'manual').length === 2)
  await jobWhen(await startReplay('failing', 100), 'completed', ({ status }) => status === 'COMPLETED')
  const log = await logWhen('replayed', (each) => attemptsOf(each, 'manual').length === 3)
  // None of them is followed by another, and the log is as dead as before.
  expect([log.stage, attemptsOf(log, 'automatic').length]).toEqual(['DEAD', 3])
  for (const attempt of attemptsOf(log, 'manual'))
    expect(attempt).toMatchObject({ result: 'dead', nextAttemptAt: null })
  expect(pos.received.filter((delivery) => delivery.path === path)).toHaveLength(6)
}, 120_000)
