import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { loadProviders } from '../../src/app/providers.js'
import type { InboundCredentials } from '../../src/domain/client.js'
import type { ProviderAdapter } from '../../src/providers/adapter.js'
import { type Json, startTestApp, type TestApp } from '../support/app.js'
import { type Sample, samplesOf } from '../support/provider-samples.js'
import { providers } from '../support/providers.js'

const EXAMPLE = fileURLToPath(new URL('../../docs/providers/configured-example.json', import.meta.url))

let app: TestApp
let pos: Receiver
beforeAll(async () => {
  pos = await startReceiver()
  app = await startTestApp({ environment: { PROVIDERS_FILE: EXAMPLE } })
})
afterAll(async () => {
  await app.stop()
  await pos.close()
})

async function register(provider: string, profile: string, clientId: string): Promise<InboundCredentials> {
  const input = { provider, profile, clientId, url: `${pos.url}/${clientId}`, events: ['*'] }
  const { status, json } = await app.api('POST', '/api/webhooks/register', input)
  expect(status, JSON.stringify(json)).toBe(201)
  return { secretKey: json.secretKey, ...(json.apiKey && { apiKey: json.apiKey }) }
}

async function call(
  adapter: ProviderAdapter,
  sample: Pick<Sample, 'endpoint' | 'path' | 'body'>,
  clientId: string,
  credentials: InboundCredentials,
) {
  const { endpoint, path, body } = sample
  const signed = adapter.sign(body, credentials, { clientId, nowMs: Date.now() })
  return fetch(`${app.url}/webhooks/${adapter.name}/${clientId}${path}`, {
    method: endpoint.method,
    headers: { 'content-type': 'application/json', ...signed },
    ...(endpoint.method !== 'GET' && { body: new Uint8Array(body) }),
  })
}

describe.each(providers.adapters)('$name in profile $profile', (adapter) => {
  it('has all its fixtures taken with its own answer, and refused by the other profile', async () => {
    const clientId = `${adapter.name}-${adapter.profile}`
    const otherId = `${clientId}-other`
    const other = providers.find(adapter.name, adapter.profile === 'spec' ? 'live' : 'spec')
    const credentials = await register(adapter.name, adapter.profile, clientId)
    const otherCredentials = other && (await register(adapter.name, other.profile, otherId))
    for (const sample of samplesOf(adapter)) {
      const taken = await call(adapter, sample, clientId, credentials)
      expect([200, 202], `${sample.file} ${await taken.text()}`).toContain(taken.status)
      if (otherCredentials === undefined) continue
      const refused = await call(adapter, sample, otherId, otherCredentials)
      await refused.text()
      expect([400, 401, 404, 405], sample.file).toContain(refused.status)
    }
  })
})

describe('a provider defined in configuration alone', () => {
  it('has its signed order delivered in canonical form', async () => {
    const adapter = loadProviders(EXAMPLE).find('corner-kitchen', 'spec')
    if (adapter === undefined) throw new Error('the example defines no corner-kitchen')
    const credentials = await register('corner-kitchen', 'spec', 'corner-1')
    const order = {
      id: 'ck-1',
      code: '17',
      branch: 'salmiya',
      currency: 'KWD',
      guest: { first: 'نورة', last: 'A.', phone: '50001234' },
      items: [
        { sku: 'W', name: 'Wrap', count: 2, price: '2.500', extras: [{ sku: 'C', name: 'Cheese', price: '0.250' }] },
      ],
      delivery: '0.500',
      total: '6.000',
      paid_by: 'cash',
    }
    const body = Buffer.from(JSON.stringify({ type: 'order.placed', at: 1_773_507_912, order }))
    const [endpoint] = adapter.endpoints
    if (endpoint === undefined) throw new Error('no endpoint')
    const answer = await call(adapter, { endpoint, path: '', body }, 'corner-1', credentials)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ ok: true })
    const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === '/corner-1' })
    const delivered: Json = JSON.parse(delivery?.body ?? '{}')
    expect(delivered).toMatchObject({
      type: 'order.created',
      provider: 'corner-kitchen',
      source: { payload: JSON.parse(body.toString()) },
    })
    expect(delivered.data.order).toMatchObject({
      externalId: 'ck-1',
      customer: { name: 'نورة A.', phone: { e164: '+96550001234' } },
      totals: { grandTotal: { amount: 6000, currency: 'KWD' } },
      payment: { status: 'pending', method: 'cash' },
      totalsCheck: 'ok',
    })
    const forged = await call(adapter, { endpoint, path: '', body }, 'corner-1', { secretKey: 'not-the-secret' })
    expect(forged.status).toBe(401)
  })
})
