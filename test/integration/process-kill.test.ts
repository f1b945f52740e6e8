import { describe, expect, inject, it } from 'vitest'
import { startReceiver } from '../../dev/receiver/receiver.js'
import { freePort } from '../../dev/stack/server-process.js'
import { pause } from '../../src/lib/wait.js'
import { startTestApp } from '../support/app.js'
import { ended, startServe } from '../support/child.js'
import { countByStatus, runLoad } from '../support/load.js'
import { reconcile } from '../support/reconcile.js'

const UNLIMITED = { security: { rateLimiting: { enabled: false } } }

describe('when the whole process is killed with -9 under load, twice, and started again', () => {
  it('has delivered and logged everything it answered 200', async () => {
    const pos = await startReceiver()
    // Registers on the same prefix and database as the process under test, and reads its logs; takes no part in processing.
    const reader = await startTestApp({ role: 'graph', natsUrl: inject('natsUrl') })
    const environment = { ...reader.environment, PORT: String(await freePort()) }
    const url = `http://127.0.0.1:${environment.PORT}`
    try {
      const targets = await Promise.all(
        ['a', 'b'].map((name) =>
          reader.register({ provider: 'jahez', clientId: `killed-${name}`, url: pos.url, config: UNLIMITED }),
        ),
      )
      let serving = await startServe(environment)
      const load = runLoad({ url, targets, perSecond: 200, durationMs: 12_000 })
      // The moments of the kills are arbitrary on purpose.
      for (const afterMs of [1_700, 3_300]) {
        await pause(afterMs)
        serving.kill('SIGKILL')
        await ended(serving)
        serving = await startServe(environment)
      }
      const answers = await load
      const counts = countByStatus(answers)
      console.log('answers by status', counts)
      const { accepted, deliveries } = await reconcile(answers, reader, pos)
      console.log(`${accepted} accepted, ${deliveries} deliveries`)
      expect(accepted).toBe(counts[200])
      expect(accepted).toBeGreaterThan(500)
      expect(counts[0] ?? 0).toBeGreaterThan(0)
      serving.kill('SIGTERM')
      await ended(serving)
      expect(serving.exitCode).toBe(0)
    } finally {
      await reader.stop()
      await pos.close()
    }
  }, 150_000)
})
