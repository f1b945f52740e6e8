import { expect, inject, it } from 'vitest'
import { rollingDrill } from '../support/rolling-drill.js'

it('a rolling restart of every role fails no request, loses no event, and subscriptions go on where they were', async () => {
  const report = await rollingDrill({
    natsUrl: inject('natsUrl'),
    mongoUrl: inject('mongoUrl'),
    perSecond: 50,
    entry: 'sources',
    onProgress: (line) => console.log(line),
  })
  console.log(report)
  expect(report).toMatchObject({ failed: {}, accepted: report.requests, unseen: 0, unordered: 0 })
  expect(report.requests).toBeGreaterThan(300)
  // Both graph processes were restarted: at least one held the subscription.
  expect(report.reconnects).toBeGreaterThan(0)
}, 240_000)
