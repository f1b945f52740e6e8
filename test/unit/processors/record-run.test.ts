import { describe, expect, it } from 'vitest'
import type { Positions, RecordPorts } from '../../../src/processors/record/ports.js'
import { FencedError, startRecord } from '../../../src/processors/record/run.js'
import { aDuplicate } from '../../support/memory-ports.js'

/** A read model that refuses every batch, and one fact to write. */
function refusingPorts(): RecordPorts {
  return {
    readModel: {
      acquireLease: () => Promise.resolve({ epoch: 1 }),
      releaseLease: () => Promise.resolve(),
      readPositions: () => Promise.resolve({ webhooks: 0, activity: 0 }),
      readBatchEnd: () => Promise.resolve(null),
      loadLogs: () => Promise.resolve(new Map()),
      loadOrders: () => Promise.resolve(new Map()),
      loadMenus: () => Promise.resolve(new Map()),
      writeBatch: () => Promise.resolve('fenced'),
    },
    readReceived: () => ({ read: () => Promise.resolve([]), close: () => Promise.resolve() }),
    readFacts: () => ({
      read: () => Promise.resolve([{ sequence: 1, value: aDuplicate('client') }]),
      close: () => Promise.resolve(),
    }),
    disableWebhook: () => Promise.resolve(),
  }
}

describe('the writer of the read model', () => {
  it('says that its batch was refused, rather than fall behind in silence', async () => {
    const told = deferred()
    const runner = startRecord(refusingPorts(), { holder: 'test', onError: told.resolve })
    expect(await told.promise).toBeInstanceOf(FencedError)
    expect(runner.isWriting()).toBe(false)
    await runner.stop()
  })
})

describe('a batch that was cut short', () => {
  it('is written again with the same bounds, and what came after it in the next', async () => {
    const done = deferred()
    const bounds: { readonly from: Positions; readonly to: Positions; readonly facts: number }[] = []
    let stored: Positions = { webhooks: 0, activity: 2 }
    const ports = refusingPorts()
    const readModel: RecordPorts['readModel'] = {
      ...ports.readModel,
      readPositions: async () => stored,
      readBatchEnd: async () => ({ webhooks: 0, activity: 4 }),
      writeBatch: async ({ from, positions, logs }) => {
        bounds.push({ from, to: positions, facts: logs.length })
        stored = positions
        if (positions.activity === 7) done.resolve(undefined)
        return 'written'
      },
    }
    // All that is there at once, as after a restart: sequences 3 to 7, of which the cut batch held 3 and 4.
    let left = [3, 4, 5, 6, 7].map((sequence) => ({ sequence, value: aDuplicate('client', `evt_${sequence}`) }))
    const readFacts: RecordPorts['readFacts'] = () => ({
      close: () => Promise.resolve(),
      read: async (max) => {
        const records = left.slice(0, max)
        left = left.slice(max)
        // A real stream waits for the next record.
        if (records.length === 0) await new Promise((resolve) => setImmediate(resolve))
        return records
      },
    })
    const runner = startRecord({ ...ports, readModel, readFacts }, { holder: 'test', onError: done.resolve })
    expect(await done.promise).toBeUndefined()
    await runner.stop()
    expect(bounds).toEqual([
      { from: { webhooks: 0, activity: 2 }, to: { webhooks: 0, activity: 4 }, facts: 2 },
      { from: { webhooks: 0, activity: 4 }, to: { webhooks: 0, activity: 7 }, facts: 3 },
    ])
  })
})

function deferred() {
  let resolve: (value: unknown) => void = () => undefined
  const promise = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
