import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createRightOfWay } from '../../../src/processors/right-of-way.js'

function setUp() {
  const clock = { ms: 0 }
  const way = createRightOfWay(() => clock.ms)
  let started = 0
  const giveWay = async (): Promise<void> => {
    await way.giveWay()
    started += 1
  }
  return { clock, way, giveWay, started: () => started }
}

/** Long enough for all that may begin to have begun. */
async function turns(): Promise<void> {
  for (let count = 0; count < 50; count += 1) await turn()
}

describe('what exceeds a share', () => {
  it('begins at once where nothing else is under way, one at a turn', async () => {
    const { giveWay, started } = setUp()
    const all = Array.from({ length: 10 }, giveWay)
    await turn()
    expect(started()).toBeLessThan(5)
    await Promise.all(all)
  })

  it('waits while others are under way, and begins one for each that ends', async () => {
    const { way, giveWay, started } = setUp()
    const ends = [way.begin(), way.begin(), way.begin()]
    const all = Array.from({ length: 3 }, giveWay)
    await turns()
    expect(started()).toBe(0)
    ends[0]?.()
    await turns()
    expect(started()).toBe(1)
    for (const end of ends) end()
    await Promise.all(all)
  })

  it('does not wait for work that is itself waiting for somebody', async () => {
    const { clock, way, giveWay } = setUp()
    way.begin()
    clock.ms += 51
    await giveWay()
  })

  it('waits no longer than about a second, however busy the others are', async () => {
    const { clock, way, giveWay } = setUp()
    const waits = giveWay()
    // Somebody is always under way.
    const busy = setInterval(() => {
      clock.ms += 40
      way.begin()
    }, 1)
    way.begin()
    await waits
    clearInterval(busy)
    expect(clock.ms).toBeLessThan(2_000)
  })
})
