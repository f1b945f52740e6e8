import { expect, it } from 'vitest'
import { createContext } from '../../src/app/context.js'
import { countWaitingLive, enqueue } from '../../src/app/delivery.js'
import { readConfig } from '../../src/config/config.js'
import { randomId } from '../../src/domain/ids.js'
import { createLoggers } from '../../src/observability/logger.js'
import { startTestApp } from '../support/app.js'
import { aDelivery, anEvent } from '../support/deliveries.js'

it('a replay gives way to what waits in either live lane, and not to other replays', async () => {
  const graph = await startTestApp({ role: 'graph' })
  const { config, secrets } = readConfig(graph.environment, 'graph')
  const context = await createContext({
    config,
    secrets,
    loggers: createLoggers(config.logLevel),
    now: () => new Date(),
    signal: AbortSignal.timeout(10_000),
  })
  for (const priority of ['high', 'medium', 'medium', 'low', 'low', 'low', 'low'] as const) {
    const event = anEvent({ id: randomId('evt') })
    await enqueue(context, aDelivery(event, { priority }), event.id)
  }
  expect(await countWaitingLive(context)).toBe(3)
  await context.close()
  await graph.stop()
})
