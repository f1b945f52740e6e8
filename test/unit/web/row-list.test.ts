import { expect, it } from 'vitest'
import { createRowList, MAX_ROWS } from '../../../web/src/live/row-list.js'
import type { LiveEvent } from '../../../web/src/live/rows.js'
import { liveEvent } from './live-event.js'

const fact = (eventId: string, change: Partial<LiveEvent> = {}): LiveEvent => liveEvent({ eventId, ...change })
const attempt = (eventId: string, stage: LiveEvent['stage']): LiveEvent =>
  fact(eventId, { kind: 'ATTEMPTED', webhookId: 'wh_1', attempt: 1, stage })

it('keeps the newest rows and stays within its bound', () => {
  const rows = createRowList()
  for (let n = 0; n < MAX_ROWS * 2; n += 1) rows.take(fact(`evt_${n}`))
  expect(rows.list().length).toBeGreaterThanOrEqual(MAX_ROWS)
  expect(rows.list().length).toBeLessThan(MAX_ROWS * 1.2)
  expect(rows.list().at(-1)?.id).toBe(`evt_${MAX_ROWS * 2 - 1}`)
})

it('lists no event again for its delivery once its row had its time, but for its failure', () => {
  const rows = createRowList()
  for (let n = 0; n < MAX_ROWS * 2; n += 1) rows.take(fact(`evt_${n}`))
  rows.take(attempt('evt_0', 'DELIVERED'))
  expect(rows.list().some(({ id }) => id === 'evt_0')).toBe(false)
  rows.take(attempt('evt_1', 'DEAD'))
  expect(rows.list().at(-1)).toMatchObject({ id: 'evt_1', stage: 'DEAD' })
})

it('lists an event whose delivery is the first that is heard of it while nothing was dropped', () => {
  const rows = createRowList()
  rows.take(attempt('evt_0', 'DELIVERED'))
  rows.take(fact('evt_2', { kind: 'DUPLICATE', stage: 'RECEIVED' }))
  expect(rows.list().map(({ id }) => id)).toEqual(['evt_0'])
})

it('takes kept logs in before what was heard live, and lets them say what was missed', () => {
  const rows = createRowList()
  rows.take(fact('evt_2', { at: '2026-03-13T20:00:02.000Z' }))
  const [heard] = rows.list()
  if (heard === undefined) throw new Error('the row is not there')
  rows.merge([
    { ...heard, id: 'evt_1', at: heard.at - 1_000 },
    { ...heard, stage: 'DELIVERED', attempt: 1 },
  ])
  expect(rows.list().map(({ id, stage }) => [id, stage])).toEqual([
    ['evt_1', 'DELIVERING'],
    ['evt_2', 'DELIVERED'],
  ])
})
