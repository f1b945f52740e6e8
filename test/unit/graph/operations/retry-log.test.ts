import { expect, it } from 'vitest'
import type { Log } from '../../../../src/domain/log.js'
import { retryLog } from '../../../../src/graph/operations/retry-log.js'
import { aCaller, aLog, anAttempt, createMemoryPorts } from '../../../support/memory-ports.js'

const OPERATOR = aCaller('operator')

function setUp(changes: Partial<Log> = {}) {
  const memory = createMemoryPorts()
  memory.logs.push(aLog('evt_1', 'c1', changes))
  return { memory, retry: () => retryLog(OPERATOR, 'evt_1', memory.ports) }
}

it('a log that was given up gets another attempt', async () => {
  const { memory, retry } = setUp()
  await retry()
  expect(memory.retried).toEqual([{ logId: 'evt_1', webhookIds: ['wh_c1'] }])
})

it('only what failed is tried again: neither what arrived nor what is on its first attempt', async () => {
  const { memory, retry } = setUp({
    webhookIds: ['failed', 'arrived', 'first'],
    attempts: [
      anAttempt('failed'),
      anAttempt('arrived'),
      anAttempt('arrived', { attempt: 2, result: 'delivered', deadReason: null }),
    ],
  })
  await retry()
  expect(memory.retried).toEqual([{ logId: 'evt_1', webhookIds: ['failed'] }])
})

it.each<[string, Partial<Log>, RegExp]>([
  [
    'delivered',
    { status: 'success', stage: 'delivered', attempts: [anAttempt('wh_c1', { result: 'delivered' })] },
    /already delivered/,
  ],
  ['on its first attempt', { status: 'pending', stage: 'delivering', attempts: [] }, /first attempt/],
  [
    'not dispatched yet',
    { status: 'pending', stage: 'received', canonical: null, webhookIds: null, attempts: [] },
    /dispatched/,
  ],
  ['asked for by nobody', { status: 'success', stage: 'dispatched', webhookIds: [], attempts: [] }, /No registration/],
  ['rejected', { stage: 'rejected', canonical: null, webhookIds: null, attempts: [], payload: null }, /rejected/],
])('a log that is %s is not retried', async (_, changes, why) => {
  const { memory, retry } = setUp(changes)
  await expect(retry()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(why) })
  expect(memory.retried).toEqual([])
})
