import { describe, expect, it } from 'vitest'
import { startReceiver } from '../../dev/receiver/receiver.js'
import { pause } from '../../src/lib/wait.js'
import { startOwnStack, startTestApp, until } from '../support/app.js'
import { countByStatus, runLoad } from '../support/load.js'
import { reconcile } from '../support/reconcile.js'

const OUTAGE_MS = 30_000
const UNLIMITED = { security: { rateLimiting: { enabled: false } } }

describe('while MongoDB is away for 30 seconds', () => {
  it('goes on accepting and delivering, and the logs catch up afterwards', async () => {
    // The file backend: what the database had survives its kill -9, but for its last second.
    await using stack = await startOwnStack({ memory: false })
    const pos = await startReceiver()
    const app = await startTestApp({ natsUrl: stack.natsUrl, mongoUrl: stack.mongoUrl })
    try {
      const targets = [await app.register({ provider: 'jahez', clientId: 'outage', url: pos.url, config: UNLIMITED })]
      const before = await runLoad({ url: app.url, targets, perSecond: 50, durationMs: 3_000 })
      const downAt = Date.now()
      await stack.mongo?.kill('SIGKILL')
      const during = await runLoad({ url: app.url, targets, perSecond: 50, durationMs: 5_000 })
      expect(countByStatus(during)).toEqual({ 200: 250 })
      const duringIds = new Set(during.map(({ eventId }) => eventId))
      await until('deliveries go on without the database', () => {
        const there = new Set(pos.received.map(({ headers }) => headers['webhook-id'] ?? null))
        return [...duringIds].every((id) => there.has(id))
      })
      expect((await app.api('GET', '/health')).json).toMatchObject({
        status: 'degraded',
        services: { database: 'down', nats: 'up' },
      })
      expect(await app.api('GET', '/api/webhooks/logs')).toMatchObject({
        status: 503,
        json: { error: { code: 'unavailable' } },
      })
      expect((await app.graphql('{ webhooks { id } }')).errors[0].extensions.code).toBe('UNAVAILABLE')
      await pause(downAt + OUTAGE_MS - Date.now())
      await stack.mongo?.start()
      const { accepted } = await reconcile([...before, ...during], app, pos, 90_000)
      expect(accepted).toBe(400)
    } finally {
      await app.stop()
      await pos.close()
    }
  }, 180_000)
})
