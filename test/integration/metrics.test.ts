import { createClient as createGraphSocket } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// Two processes of one installation: what either tells is true of both.

let first: TestApp
let second: TestApp
let client: Registered
beforeAll(async () => {
  first = await startTestApp()
  const { NATS_PREFIX = '', MONGODB_DATABASE = '' } = first.environment
  second = await startTestApp({ role: 'ingress', environment: { NATS_PREFIX, MONGODB_DATABASE } })
  client = await first.register({ provider: 'careem', clientId: 'metered', url: 'http://127.0.0.1:9/' })
})
afterAll(async () => {
  await second.stop()
  await first.stop()
})

const METRICS =
  '{ metrics { instances currentRPS avgResponseTime activeConnections queueDepth errorRate memoryUsage cpuUsage } }'

async function scrape(app: TestApp): Promise<string> {
  return (await fetch(`${app.url}/metrics`)).text()
}

describe('metrics', () => {
  it('are of every instance, whichever is asked', async () => {
    await until('the second instance knows the client', async () => {
      const answer = await send(second.url, client, orderBody('careem', `warm-${Math.random()}`))
      return answer.status === 200
    })
    await until('both have told of themselves', async () => {
      await send(second.url, client, orderBody('careem', `m-${Math.random()}`))
      const { metrics } = (await first.graphql(METRICS)).data
      return metrics.instances === 2 && metrics.currentRPS > 0 && metrics.avgResponseTime > 0
    })
    const { metrics } = (await first.graphql(METRICS)).data
    expect(metrics.memoryUsage).toBeGreaterThan(0)
    expect(metrics.memoryUsage).toBeLessThan(1)
    expect(metrics.cpuUsage).toBeGreaterThanOrEqual(0)
    expect(metrics.cpuUsage).toBeLessThanOrEqual(1)
    expect(metrics.errorRate).toBeLessThan(1)
  })

  it('are told on and on by the subscription, of the instance that answers the webhooks too', async () => {
    const socket = createGraphSocket({
      url: `${first.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${await first.token()}` },
    })
    const told = socket.iterate<{ metrics: { instances: number; currentRPS: number } }>({
      query: 'subscription { metrics(intervalMs: 250) { instances currentRPS } }',
    })
    let readings = 0
    // The one that is asked takes no webhook: what it tells of them comes from the other.
    for await (const { data } of told) {
      await send(second.url, client, orderBody('careem', `s-${Math.random()}`))
      readings += 1
      if (readings > 2 && data?.metrics.instances === 2 && data.metrics.currentRPS > 0) break
    }
    await socket.dispose()
  })

  it('have a history that is the same whichever instance is asked, also of one that has just started', async () => {
    const HISTORY = '{ metricsHistory(minutes: 60) { at instances currentRPS queueDepth cpuUsage } }'
    const history = async (app: TestApp): Promise<readonly { at: string; instances: number }[]> =>
      (await app.graphql(HISTORY)).data.metricsHistory
    await until('a reading is kept', async () => (await history(first)).length > 1, 40_000)
    const { NATS_PREFIX = '', MONGODB_DATABASE = '' } = first.environment
    const third = await startTestApp({ role: 'graph', environment: { NATS_PREFIX, MONGODB_DATABASE } })
    try {
      const known = await history(first)
      expect((await history(third)).slice(0, known.length)).toEqual(known)
      const spans = known.map(({ at }) => Math.floor(Date.parse(at) / 10_000))
      expect(spans).toEqual([...new Set(spans)].sort((a, b) => a - b))
      expect(known.at(-1)?.instances).toBe(2)
    } finally {
      await third.stop()
    }
  }, 60_000)

  it('are nothing for a token of one client', async () => {
    const token = await first.token({ role: 'admin', client: 'metered' })
    const { errors } = await first.graphql(METRICS, {}, token)
    expect(errors[0].extensions.code).toBe('FORBIDDEN')
    const history = await first.graphql('{ metricsHistory { at } }', {}, token)
    expect(history.errors[0].extensions.code).toBe('FORBIDDEN')
  })

  it('are exposed to Prometheus under the contract’s names', async () => {
    const text = await scrape(second)
    expect(text).toMatch(/^webhook_requests_total\{provider="careem",client_id="metered",status="200"\} [1-9]/m)
    for (const name of [
      'webhook_processing_duration_seconds_bucket',
      'orderwire_commit_batch_size_count',
      'orderwire_queue_depth',
      'orderwire_dead_letters_total',
      'orderwire_overdue_retries',
      'orderwire_overdue_schedules',
      'orderwire_memory_usage_ratio',
      'orderwire_cpu_usage_ratio',
      'orderwire_socket_connections',
    ])
      expect(text).toMatch(new RegExp(`^${name}[{ ]`, 'm'))
  })

  it('keep to what promtool check metrics asks: help for each, counters that end in _total, base units', async () => {
    const text = await scrape(first)
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))
    expect(types.size).toBeGreaterThan(30)
    for (const [name, type] of types) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'))
      expect(name.endsWith('_total')).toBe(type === 'counter')
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|kilobytes|percent)$/)
    }
  })

  it('count what was given up from the stream, so that a restart forgets nothing', async () => {
    await first.api('PUT', '/api/webhooks/config/metered', { retryPolicy: { maxRetries: 0 } })
    await until('a delivery is given up', async () => {
      await send(second.url, client, orderBody('careem', `dead-${Math.random()}`))
      // A process that never delivered anything tells it all the same.
      return /^orderwire_dead_letters_total [1-9]/m.test(await scrape(second))
    })
  })
})
