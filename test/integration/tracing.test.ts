import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'
import { type ReceivedSpan, startTraceCollector } from '../support/trace-collector.js'

// One order, three processes (ingress, processors, graph), one trace.

const THEIRS = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/

let collector: Awaited<ReturnType<typeof startTraceCollector>>
let pos: Receiver
let graph: TestApp
let ingress: TestApp
let processors: TestApp
let client: Registered
beforeAll(async () => {
  collector = await startTraceCollector()
  const seen = new Set<string>()
  pos = await startReceiver({
    // The first attempt of each event fails.
    reply: ({ headers }) => {
      const id = headers['webhook-id'] ?? ''
      const status = seen.has(id) ? 200 : 500
      seen.add(id)
      return { status }
    },
  })
  const tracing = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token-of-the-collector',
    OTEL_SERVICE_NAME: 'orderwire-test',
  }
  graph = await startTestApp({ role: 'graph', environment: tracing })
  const { NATS_PREFIX = '', MONGODB_DATABASE = '' } = graph.environment
  const environment = { ...tracing, NATS_PREFIX, MONGODB_DATABASE }
  ingress = await startTestApp({ role: 'ingress', environment })
  processors = await startTestApp({ role: 'processors', environment })
  client = await graph.register({
    provider: 'careem',
    clientId: 'traced',
    url: `${pos.url}/orders?key=in-the-path`,
    config: { retryPolicy: { maxRetries: 2, retryDelays: [100] } },
  })
})
afterAll(async () => {
  for (const app of [ingress, processors, graph]) await app?.stop()
  await pos?.close()
  await collector?.close()
})

const spansOf = (eventId: string): readonly ReceivedSpan[] =>
  collector.spans.filter(({ attributes }) => attributes['orderwire.event_id'] === eventId)

async function place(headers: Record<string, string> = {}): Promise<string> {
  const body = orderBody('careem', `traced-${Math.random()}`)
  return until('the order is taken', async () => {
    const { status, json } = await send(ingress.url, client, body, { headers })
    return status === 200 ? (json.eventId as string) : undefined
  })
}

describe('an order', () => {
  it('is one trace from the request to the answer of its second attempt', async () => {
    const eventId = await place()
    const spans = await until('all spans', () => (spansOf(eventId).length === 4 ? spansOf(eventId) : undefined))
    const [receive] = spans.filter(({ name }) => name === 'receive')
    const [dispatch] = spans.filter(({ name }) => name === 'dispatch')
    const attempts = spans.filter(({ name }) => name === 'deliver')
    expect(receive).toMatchObject({ kind: 2, parentSpanId: '', links: [], status: 0 })
    expect(dispatch).toMatchObject({ kind: 5, traceId: receive?.traceId, parentSpanId: receive?.spanId })
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ kind: 3, traceId: receive?.traceId, parentSpanId: dispatch?.spanId })
    expect(attempts.map(({ status, attributes }) => [status, attributes['orderwire.attempt']])).toEqual([
      [2, 1],
      [0, 2],
    ])
    expect(attempts.map(({ attributes }) => attributes['orderwire.result'])).toEqual(['retrying', 'delivered'])
    expect(attempts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([500, 200])
    expect(new Set(spans.map(({ resource }) => resource['service.instance.id'])).size).toBe(2)
    expect(new Set(spans.map(({ resource }) => resource['service.name']))).toEqual(new Set(['orderwire-test']))
  })

  it('takes its trace to the client: each attempt sends the traceparent of its own span', async () => {
    const eventId = await place()
    const spans = await until('all spans', () => (spansOf(eventId).length === 4 ? spansOf(eventId) : undefined))
    const sent = pos.received
      .filter(({ headers }) => headers['webhook-id'] === eventId)
      .map(({ headers }) => TRACEPARENT.exec(headers['traceparent'] ?? ''))
    const attempts = spans.filter(({ name }) => name === 'deliver')
    expect(attempts).toHaveLength(2)
    expect(sent.map((parts) => [parts?.[1], parts?.[2]])).toEqual(
      attempts.map(({ traceId, spanId }) => [traceId, spanId]),
    )
  })

  it("links a platform's own trace and does not continue it, also where it says not to keep it", async () => {
    const eventId = await place({ traceparent: THEIRS })
    const [receive] = await until('the first span', () => {
      const found = spansOf(eventId).filter(({ name }) => name === 'receive')
      return found.length > 0 ? found : undefined
    })
    expect(receive?.links).toEqual(['0af7651916cd43dd8448eb211c80319c'])
    expect(receive?.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
    expect(receive?.parentSpanId).toBe('')
  })

  it('shows the collector ids only: no payload, no secret, no path of a URL', async () => {
    const eventId = await place()
    await until('all spans', () => spansOf(eventId).length === 4)
    const told = JSON.stringify(collector.spans)
    for (const secret of ['in-the-path', 'total_amount', client.signingSecret, client.credentials.secretKey ?? '?'])
      expect(told).not.toContain(secret)
    expect(new Set(collector.requests.map(({ url, authorization }) => `${url} ${authorization}`))).toEqual(
      new Set(['/v1/traces Bearer token-of-the-collector']),
    )
  })
})

describe('without a collector', () => {
  it('nothing is traced: no header goes to the client', async () => {
    const plain = await startTestApp()
    try {
      const quiet = await plain.register({ provider: 'careem', clientId: 'quiet', url: `${pos.url}/quiet` })
      await send(plain.url, quiet, orderBody('careem', 'untraced'))
      const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === '/quiet' })
      expect(delivery?.headers).not.toHaveProperty('traceparent')
    } finally {
      await plain.stop()
    }
  })

  it('or with one that is away, orders are delivered all the same', async () => {
    const lines: string[] = []
    const app = await startTestApp({
      logs: { write: (line) => void lines.push(line) },
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', LOG_LEVEL: 'warn' },
    })
    try {
      const brave = await app.register({ provider: 'careem', clientId: 'brave', url: `${pos.url}/brave` })
      await send(app.url, brave, orderBody('careem', 'brave'))
      await pos.waitFor(1, { matches: ({ path }) => path === '/brave' })
      await until('it is told', () => lines.some((line) => line.includes('spans could not be sent')), 30_000)
    } finally {
      await app.stop()
    }
  }, 60_000)
})
