import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { platformApisOf, type SimulatedPlatformApi, startPlatformApi } from '../../dev/simulators/platform-api.js'
import { PLATFORMS } from '../../dev/simulators/platforms.js'
import { SCENARIOS } from '../../dev/simulators/scenarios.js'
import { signMessage } from '../../dev/simulators/simulator.js'
import { tellStory } from '../../dev/simulators/story.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { adapterFor } from '../support/providers.js'

// One simulated order's whole life of every platform, through the real ingress and dispatch, to a point of sale.

/** As long as the longest life: no clock is ahead of ours. */
const BEGAN_MS_AGO = 21_000

let pos: Receiver
let platformApi: SimulatedPlatformApi
let app: TestApp

beforeAll(async () => {
  pos = await startReceiver()
  platformApi = await startPlatformApi()
  app = await startTestApp({ environment: { PLATFORM_APIS: platformApisOf(platformApi) } })
})
afterAll(async () => {
  await app.stop()
  await platformApi.close()
  await pos.close()
})

describe.each(PLATFORMS.map((platform) => ({ platform, name: `${platform.provider} (${platform.profile})` })))(
  '$name',
  ({ platform }) => {
    const { provider, profile } = platform

    it('is taken at every message, and the point of sale gets all of them', async () => {
      const clientId = `sim-${provider}-${profile}`
      const isThin = adapterFor(provider, profile).api !== undefined
      const { credentials } = await app.register({
        provider,
        profile,
        clientId,
        url: `${pos.url}/${clientId}`,
        ...(isThin && { platformApi: { clientId: 'an-app', clientSecret: 'a-secret' } }),
      })
      const target = { provider, profile, clientId, url: `${app.url}/webhooks/${provider}/${clientId}`, credentials }
      const startAt = Date.now() - BEGAN_MS_AGO
      const story = { platform, clientId, seed: 5, startAt, scenario: SCENARIOS.steady, apiUrl: platformApi.url }
      const messages = [...tellStory({ ...story, ordersPerSecond: 1, count: 1 })]
      for (const message of messages) {
        const { url, method, headers, body } = signMessage(message, target)
        const { status } = await fetch(url, { method, headers, body: new Uint8Array(body) })
        expect([200, 202]).toContain(status)
      }
      const arrived = await pos.waitFor(messages.length, {
        matches: ({ path }) => path === `/${clientId}`,
        timeoutMs: 20_000,
      })
      const events = arrived
        .filter(({ path }) => path === `/${clientId}`)
        .map(({ body }) => JSON.parse(body) as { type: string; data: { order?: { lines: readonly unknown[] } } })
      const created = events.find(({ type }) => type === 'order.created')
      expect(created).toBeDefined()
      expect(created?.data.order?.lines.length).toBeGreaterThan(0)
    })
  },
)

describe('the simulated platform API', () => {
  const token = (form: Record<string, string>) =>
    fetch(`${platformApi.url}/oauth/v2/token`, { method: 'POST', body: new URLSearchParams(form) })

  it('answers the same to whoever asks the same', async () => {
    const other = await startPlatformApi()
    const order = (url: string) =>
      fetch(`${url}/v1/eats/order/abc`, { headers: { authorization: 'Bearer simulated-x' } }).then((answer) =>
        answer.text(),
      )
    expect(await order(platformApi.url)).toBe(await order(other.url))
    await other.close()
  })

  it('gives a token for client credentials only, and nothing without a token', async () => {
    const whole = { grant_type: 'client_credentials', client_id: 'a', client_secret: 'b', scope: 'eats.order' }
    expect((await token(whole)).status).toBe(200)
    expect((await token({ ...whole, grant_type: 'password' })).status).toBe(400)
    expect((await token({ ...whole, client_secret: '' })).status).toBe(400)
    expect((await fetch(`${platformApi.url}/v1/eats/order/abc`)).status).toBe(401)
    expect((await fetch(`${platformApi.url}/elsewhere`)).status).toBe(404)
  })
})
