import { describe, expect, it } from 'vitest'
import { bucketOf } from '../../../src/domain/histogram.js'
import { createTogether, type InstanceSample } from '../../../src/domain/instance-sample.js'

const NOW = 1_000_000
const sample = (instance: string, atMs: number, part: Partial<InstanceSample> = {}): InstanceSample => ({
  v: 1,
  instance,
  atMs,
  requests: 0,
  failedRequests: 0,
  requestMs: 0,
  attempts: 0,
  failedAttempts: 0,
  attemptMs: 0,
  attemptTimes: {},
  connections: 1,
  memoryBytes: 100,
  memoryLimitBytes: 1_000,
  cpu: 0.1,
  ...part,
})

describe('the samples of all instances', () => {
  it('add up to what the installation does, not what one process does', () => {
    const together = createTogether()
    together.take(sample('a', NOW - 2_000, { requests: 1_000, requestMs: 5_000 }))
    together.take(sample('a', NOW, { requests: 1_100, requestMs: 5_600, failedRequests: 5, memoryBytes: 800 }))
    together.take(sample('b', NOW - 2_000, { attempts: 10 }))
    together.take(sample('b', NOW, { requests: 100, requestMs: 400, attempts: 30, failedAttempts: 5, cpu: 0.9 }))
    expect(together.read(NOW)).toMatchObject({
      instances: 2,
      currentRPS: 100,
      avgResponseTime: 5,
      errorRate: 5 / 200,
      deliveriesPerSecond: 10,
      deliveryErrorRate: 0.25,
      activeConnections: 2,
      memoryUsage: 0.8,
      cpuUsage: 0.9,
    })
  })

  it('tell the percentiles of what was tried in the window, whichever process tried it, and none of nothing', () => {
    const together = createTogether()
    const [quick, usual, slow] = [bucketOf(10), bucketOf(40), bucketOf(900)]
    together.take(sample('a', NOW - 2_000, { attemptTimes: { [slow]: 500 } }))
    together.take(sample('a', NOW, { attemptTimes: { [slow]: 500, [quick]: 4, [usual]: 6 } }))
    together.take(sample('b', NOW - 2_000))
    expect(together.read(NOW).p95DeliveryTime).toBeCloseTo(40, -1)
    together.take(sample('b', NOW, { attemptTimes: { [usual]: 8, [slow]: 2 } }))
    expect(Math.abs((together.read(NOW).p50DeliveryTime ?? 0) - 40)).toBeLessThan(1)
    expect(Math.abs((together.read(NOW).p95DeliveryTime ?? 0) - 900)).toBeLessThan(20)
    expect(createTogether().read(NOW)).toMatchObject({ p50DeliveryTime: null, p95DeliveryTime: null })
  })

  it('lose nothing but precision where one did not arrive', () => {
    const together = createTogether()
    together.take(sample('a', NOW - 4_000))
    together.take(sample('a', NOW, { requests: 40 }))
    expect(together.read(NOW)).toMatchObject({ currentRPS: 10, requests: 40 })
  })

  it('forget an instance that is gone, and what is older than the window', () => {
    const together = createTogether()
    together.take(sample('gone', NOW - 6_000))
    together.take(sample('a', NOW - 11_000, { requests: 0 }))
    together.take(sample('a', NOW - 1_000, { requests: 90 }))
    together.take(sample('a', NOW, { requests: 100 }))
    expect(together.read(NOW)).toMatchObject({ instances: 1, currentRPS: 10 })
  })

  it('are all zero where nobody has told anything', () => {
    expect(createTogether().read(NOW)).toMatchObject({ instances: 0, currentRPS: 0, errorRate: 0, memoryUsage: 0 })
  })
})
