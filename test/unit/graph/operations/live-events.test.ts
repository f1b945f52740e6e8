import { expect, it } from 'vitest'
import { liveEvents } from '../../../../src/graph/operations/live-events.js'
import { aDuplicate, createMemoryPorts } from '../../../support/memory-ports.js'

const ADMIN = { role: 'admin' } as const
const cursorOf = async (events: AsyncIterator<{ cursor: string }>) => (await events.next()).value?.cursor

it('goes on after a cursor without gap or duplicate', async () => {
  const memory = createMemoryPorts()
  for (let n = 0; n < 3; n += 1) memory.append(aDuplicate('c1'))
  const events = liveEvents(ADMIN, {}, '1', memory.ports)
  expect([await cursorOf(events), await cursorOf(events)]).toEqual(['2', '3'])
  memory.append(aDuplicate('c1'))
  expect(await cursorOf(events)).toBe('4')
  await events.return?.()
})

it('gives only what the filter asks for', async () => {
  const memory = createMemoryPorts()
  for (const clientId of ['c1', 'c2']) memory.append(aDuplicate(clientId))
  const events = liveEvents(ADMIN, { clientId: 'c2' }, '0', memory.ports)
  expect(await cursorOf(events)).toBe('2')
  await events.return?.()
})

it('ends the feed when it is returned, also while it waits', async () => {
  const memory = createMemoryPorts()
  const events = liveEvents(ADMIN, {}, undefined, memory.ports)
  const waiting = events.next()
  await events.return?.()
  expect((await waiting).done).toBe(true)
  expect(memory.subscriptions()).toBe(0)
})

it('says that a cursor is no longer kept', async () => {
  const memory = createMemoryPorts()
  memory.keepFrom = 10
  await expect(liveEvents(ADMIN, {}, '3', memory.ports).next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
})

it.each(['', 'abc', '-1', '1e9', '99999999999999999999'])('refuses the forged cursor "%s"', (cursor) => {
  expect(() => liveEvents(ADMIN, {}, cursor, createMemoryPorts().ports)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
  )
})
