import { describe, expect, it } from 'vitest'
import { startReceiver } from '../../dev/receiver/receiver.js'
import { pause } from '../../src/lib/wait.js'
import { startOwnStack, startTestApp } from '../support/app.js'
import { countByStatus, runLoad } from '../support/load.js'
import { reconcile } from '../support/reconcile.js'

const UNLIMITED = { security: { rateLimiting: { enabled: false } } }

describe('while nats-server is killed and started again under 500 requests a second', () => {
  it('answers 200 only what is then delivered and logged, and the rest 503 with Retry-After', async () => {
    await using stack = await startOwnStack()
    const pos = await startReceiver()
    const app = await startTestApp({ natsUrl: stack.natsUrl, mongoUrl: stack.mongoUrl })
    try {
      const targets = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) =>
          app.register({ provider: 'jahez', clientId: `outage-${name}`, url: pos.url, config: UNLIMITED }),
        ),
      )
      const load = runLoad({ url: app.url, targets, perSecond: 500, durationMs: 8_000 })
      // The outage is the point: it starts two seconds into the load and lasts two.
      await pause(2_000)
      await stack.nats?.kill('SIGKILL')
      await pause(2_000)
      await stack.nats?.start()
      const answers = await load
      const counts = countByStatus(answers)
      console.log('answers by status', counts)
      expect(Object.keys(counts).sort()).toEqual(['200', '503'])
      expect(counts[200]).toBeGreaterThan(1_000)
      expect(answers.filter(({ status }) => status === 503).every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(
        true,
      )
      const { accepted, deliveries } = await reconcile(answers, app, pos)
      console.log(`${accepted} accepted, ${deliveries} deliveries`)
      expect(accepted).toBe(counts[200])
      expect((await app.api('GET', '/health')).json.status).toBe('ok')
    } finally {
      await app.stop()
      await pos.close()
    }
  }, 120_000)
})
