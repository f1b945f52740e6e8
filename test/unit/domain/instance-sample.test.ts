import { describe, expect, it } from 'vitest'
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
