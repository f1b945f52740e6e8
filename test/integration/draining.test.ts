import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startReceiver } from '../../dev/receiver/receiver.js'
import { startApp } from '../../src/app/app.js'
import { readConfig } from '../../src/config/config.js'
import { createLoggers } from '../../src/observability/logger.js'
import { orderBody, send, startTestApp, type TestApp, until } from '../support/app.js'

// A process that is asked to stop while endpoints keep it waiting: it ends in time, and nothing is used up by that.

const SECONDS_OF_SILENCE = 25
const EVENTS = 40
/** What stopping may take: attempts get three seconds, the rest ends at once. */
const STOPPED_WITHIN_MS = 6_000
/** Less than the ten seconds after which the broker takes back what nobody reports on. */
const TAKEN_OVER_WITHIN_MS = 5_000

let ingress: TestApp
beforeAll(async () => {
  ingress = await startTestApp({ role: 'graph' })
})
afterAll(() => ingress.stop())

describe('a processors process that stops while an endpoint does not answer', () => {
  it('ends within its time and hands the deliveries back, with no attempt used up', async () => {
    let isSilent = true
    const pos = await startReceiver({
      reply: () => (isSilent ? { status: 200, delayMs: SECONDS_OF_SILENCE * 1_000 } : { status: 200 }),
    })
    const role = async (name: 'ingress' | 'processors') => {
      const { config, secrets } = readConfig(ingress.environment, name)
      return startApp({ config, secrets, loggers: createLoggers('silent', {}) })
    }
    const entry = await role('ingress')
    const first = await role('processors')
    const client = await ingress.register({
      provider: 'careem',
      clientId: 'silent',
      url: pos.url,
      config: { retryPolicy: { maxRetries: 0 }, security: { rateLimiting: { enabled: false } } },
    })
    const url = `http://127.0.0.1:${entry.port}`
    await until('the client is known', async () => (await send(url, client, orderBody('careem', 'o0'))).status === 200)
    for (let index = 1; index < EVENTS; index += 1) await send(url, client, orderBody('careem', `o${index}`))
    await until('attempts are under way', () => pos.received.length >= 4)

    const startedAt = Date.now()
    await first.stop()
    expect(Date.now() - startedAt).toBeLessThan(STOPPED_WITHIN_MS)

    isSilent = false
    const second = await role('processors')
    const restartedAt = Date.now()
    const query =
      '{ logs(filter: {clientId: "silent"}, first: 100) { edges { node { status attempts { attempt result } } } } }'
    const logs = async () => {
      const { data } = await ingress.graphql(query)
      return data.logs.edges.map(({ node }: { node: unknown }) => node) as {
        status: string
        attempts: { attempt: number; result: string }[]
      }[]
    }
    await until(
      'all are delivered',
      async () => (await logs()).filter(({ status }) => status === 'SUCCESS').length === EVENTS,
      40_000,
    )
    expect(Date.now() - restartedAt).toBeLessThan(TAKEN_OVER_WITHIN_MS)
    // With no retry allowed, one attempt counted against a delivery would have been its last.
    expect((await logs()).flatMap(({ attempts }) => attempts.map(({ result }) => result))).toEqual(
      Array.from({ length: EVENTS }, () => 'delivered'),
    )
    await second.stop()
    await entry.stop()
    await pos.close()
  }, 90_000)
})
