import { Pool } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { type Registered, startTestApp, type TestApp, until } from '../support/app.js'
import { sendOne } from '../support/load.js'

// One client's backlog is in nobody else's way. Told by places, not by clocks: everything is in the stream before
// processors start, the loud client's orders first, and what counts is who is delivered after whom.

const LOUD = 800
const QUIET_CLIENTS = 10
const QUIET_EACH = 3
/** The loud client's burst is within its share; for each order of the others, something of it may go while that is under way. */
const MAY_GO_BEFORE = 200

let graph: TestApp
let ingress: TestApp
let pos: Receiver
beforeAll(async () => {
  pos = await startReceiver()
  graph = await startTestApp({ role: 'graph' })
  ingress = await startTestApp({ role: 'ingress', environment: { ...graph.environment, PORT: '0' } })
})
afterAll(async () => {
  await ingress.stop()
  await graph.stop()
  await pos.close()
})

function register(clientId: string): Promise<Registered> {
  const config = { security: { rateLimiting: { enabled: false } } }
  return graph.register({ provider: 'careem', clientId, url: `${pos.url}/${clientId}`, config })
}

/** At which places the others' deliveries came. */
function theirs(): readonly number[] {
  return pos.received.flatMap(({ path }, index) => (path === '/loud' ? [] : [index]))
}

describe('a client that sent eight hundred orders before the others sent theirs', () => {
  it('has theirs delivered among the first, its own all the same, and none twice', async () => {
    const loud = await register('loud')
    const quiet = await Promise.all(Array.from({ length: QUIET_CLIENTS }, (_, index) => register(`quiet-${index}`)))
    const pool = new Pool(ingress.url, { connections: 32 })
    const send = async (targets: readonly Registered[]): Promise<void> => {
      const statuses = await Promise.all(targets.map(async (target) => (await sendOne(pool, target)).status))
      expect(new Set(statuses)).toEqual(new Set([200]))
    }
    await send(Array.from({ length: LOUD }, () => loud))
    for (let round = 0; round < QUIET_EACH; round += 1) await send(quiet)
    await pool.destroy()
    const processors = await startTestApp({ role: 'processors', environment: { ...graph.environment, PORT: '0' } })
    const all = LOUD + QUIET_CLIENTS * QUIET_EACH
    await until('the others are delivered', () => theirs().length >= QUIET_CLIENTS * QUIET_EACH, 50_000)
    console.log(`the others' last is number ${(theirs().at(-1) ?? 0) + 1} of ${all}`)
    await until('all are delivered', () => pos.received.length >= all, 100_000)
    await processors.stop()
    expect(theirs()).toHaveLength(QUIET_CLIENTS * QUIET_EACH)
    expect(theirs().at(-1)).toBeLessThan(MAY_GO_BEFORE)
    const ids = new Set(pos.received.map(({ headers }) => headers['webhook-id']))
    expect(ids.size).toBe(all)
    expect(pos.received.length).toBe(all)
  }, 200_000)
})
