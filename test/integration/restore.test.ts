import { connect } from 'nats'
import { expect, it } from 'vitest'
import { startReceiver } from '../../dev/receiver/receiver.js'
import { rewindDeliveries } from '../../src/app/rewind.js'
import { readConfig } from '../../src/config/config.js'
import { createLoggers } from '../../src/observability/logger.js'
import { orderBody, type Registered, send, startOwnStack, startTestApp, type TestApp, until } from '../support/app.js'
import { restoreDrill } from '../support/restore-drill.js'

it('a backup made under load and restored into a new stack brings back every event accepted before it', async () => {
  const report = await restoreDrill({
    perSecond: 40,
    secondsBefore: 4,
    secondsSince: 1,
    chunkPauseMs: 0,
    startStack: startOwnStack,
    onProgress: (line) => console.log(line),
  })
  console.log(report)
  expect(report).toMatchObject({ acceptedBefore: 160, lost: 0 })
  // The drill shows something: work was under way in the backup, and some came after it.
  expect(report.deliveredBefore).toBeLessThan(report.acceptedBefore)
  expect(report.acceptedSince).toBeGreaterThan(0)
}, 150_000)

it('a retry that fell due while it was backed up is made once deliveries are rewound, and nothing else again', async () => {
  let isDown = true
  const pos = await startReceiver({ reply: () => ({ status: isDown ? 503 : 200 }) })
  const app = await startTestApp()
  const target = await app.register({
    provider: 'jahez',
    clientId: 'rewound',
    url: pos.url,
    config: { retryPolicy: { maxRetries: 5, retryDelays: [3_600_000], exponentialBackoff: false } },
  })
  const lost = await sendAndSettle(app, target, 'lost', 'retrying')
  await sendAndSettle(app, target, 'waits', 'retrying')
  isDown = false
  await sendAndSettle(app, target, 'done', 'delivered')
  await app.stop()
  const { config, secrets } = readConfig(app.environment, 'processors')
  await leaveOut(config.natsUrl, `${config.natsPrefix}_DELIVERIES`, `*.deliveries.scheduled.*.${lost}.>`)
  const before = pos.received.length

  await rewindDeliveries({ config, secrets, loggers: createLoggers('silent') })
  const restored = await startTestApp({ environment: app.environment })
  await until('the lost retry is made', () => pos.received.length > before)
  await isThrough(config.natsUrl, `${config.natsPrefix}_DELIVERIES`)
  expect(
    pos.received.slice(before).map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body).attempt]),
  ).toEqual([[lost, 2]])
  await restored.stop()
  await pos.close()
})

/** Resolves to the event's id once its first attempt is on record. */
async function sendAndSettle(app: TestApp, target: Registered, name: string, result: string): Promise<string> {
  const { json: taken } = await send(app.url, target, orderBody('jahez', name))
  await until(`${name} is ${result}`, async () => {
    const { json } = await app.api('GET', '/api/webhooks/logs')
    const log = json.logs.find(({ id }: { readonly id: string }) => id === taken.eventId)
    return log?.attempts.some((attempt: { readonly result: string }) => attempt.result === result)
  })
  return taken.eventId
}

/** As a backup does whose copy began before the schedule fired and ended after it. */
async function leaveOut(natsUrl: string, stream: string, subject: string): Promise<void> {
  const nc = await connect({ servers: natsUrl })
  const { purged } = await (await nc.jetstreamManager()).streams.purge(stream, { filter: subject })
  await nc.close()
  expect(purged).toBe(1)
}

/** Everything rewound was looked at. */
async function isThrough(natsUrl: string, stream: string): Promise<void> {
  const nc = await connect({ servers: natsUrl })
  const jsm = await nc.jetstreamManager()
  await until('the consumer is through', async () => {
    const { num_pending: pending, num_ack_pending: inHand } = await jsm.consumers.info(stream, 'deliver-medium')
    return pending + inHand === 0
  })
  await nc.close()
}
