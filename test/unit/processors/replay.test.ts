import { expect, it } from 'vitest'
import type { Delivery } from '../../../src/domain/delivery.js'
import type { Log } from '../../../src/domain/log.js'
import { type ReplayPorts, type ReplayTask, startReplays } from '../../../src/processors/replay/replay.js'
import { until } from '../../support/app.js'
import { aClient, aLog, anAttempt, NOW } from '../../support/memory-ports.js'

type Job = ReplayTask & { status: string; error: string | null }

function setUp(logs: readonly Log[], overrides: Partial<ReplayPorts<Job>> = {}) {
  const queued: { delivery: Delivery; dedupeId: string }[] = []
  const errors: unknown[] = []
  const progress = { processed: 0, queued: 0, skipped: 0, position: null, updatedAt: NOW.toISOString() }
  const state: { job: Job; taken: boolean } = {
    job: { id: 'rpl_1', ratePerSecond: 4, ...progress, status: 'running', error: null },
    taken: false,
  }
  const ports: ReplayPorts<Job> = {
    take: async () => {
      if (state.taken || state.job.status !== 'running') return null
      state.taken = true
      return state.job
    },
    nextLogs: async ({ position }, limit) => {
      const from = position === null ? 0 : logs.findIndex(({ id }) => id === position.id) + 1
      return { items: logs.slice(from, from + limit), hasMore: from + limit < logs.length }
    },
    advance: async (_, done) => {
      if (state.job.status !== 'running') return null
      state.job = { ...state.job, ...done }
      return state.job
    },
    end: async (_, end) => {
      state.job = { ...state.job, ...end }
    },
    release: async () => {
      state.taken = false
    },
    findClient: () => aClient('c1'),
    enqueue: async (delivery, dedupeId) => void queued.push({ delivery, dedupeId }),
    isBusy: async () => false,
    now: () => NOW,
    ...overrides,
  }
  const run = () => startReplays(ports, { onError: (error) => errors.push(error) })
  return { state, queued, errors, run }
}

it('sends every log to its registrations as one manual attempt of low priority, and counts what it leaves out', async () => {
  const again = anAttempt('wh_c1', { trigger: 'manual' })
  const logs = [
    aLog('evt_1', 'c1'),
    aLog('evt_2', 'c1', { attempts: [anAttempt('wh_c1'), again] }),
    aLog('evt_3', 'c1', { payload: null }),
    aLog('evt_4', 'c1', { webhookIds: ['wh_deleted'] }),
  ]
  const { state, queued, run } = setUp(logs)
  const replays = run()
  await until('completed', () => state.job.status === 'completed')
  await replays.stop()
  expect(state.job).toMatchObject({ processed: 4, queued: 2, skipped: 2, position: { id: 'evt_4' } })
  expect(
    queued.map(({ delivery, dedupeId }) => [dedupeId, delivery.attempt, delivery.trigger, delivery.priority]),
  ).toEqual([
    ['rpl_1.evt_1.wh_c1', 1, 'manual', 'low'],
    ['rpl_1.evt_2.wh_c1', 2, 'manual', 'low'],
  ])
})

it('goes on where it was when it was stopped or could not go on', async () => {
  let broken = true
  const logs = Array.from({ length: 5 }, (_, n) => aLog(`evt_${n}`, 'c1'))
  const { state, queued, errors, run } = setUp(logs, {
    isBusy: async () => {
      if (broken && state.job.processed === 2) throw new Error('NATS is away')
      return false
    },
  })
  const first = run()
  await until('broken', () => errors.length > 0)
  await first.stop()
  expect(state.job).toMatchObject({ status: 'running', processed: 2 })
  broken = false
  const second = run()
  await until('completed', () => state.job.status === 'completed')
  await second.stop()
  expect(queued.map(({ delivery }) => delivery.event.id)).toEqual(logs.map(({ id }) => id))
})

it('waits while live deliveries do, and stops when it is cancelled', async () => {
  let asked = 0
  const { state, queued, run } = setUp([aLog('evt_1', 'c1')], {
    isBusy: async () => {
      asked += 1
      return true
    },
  })
  const replays = run()
  await until('asked twice', () => asked >= 2)
  expect(queued).toEqual([])
  state.job = { ...state.job, status: 'cancelled' }
  await replays.stop()
  expect([queued.length, state.job.status]).toEqual([0, 'cancelled'])
})
