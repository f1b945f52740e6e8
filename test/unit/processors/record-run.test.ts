import { describe, expect, it } from 'vitest'
import type { RecordPorts } from '../../../src/processors/record/ports.js'
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

function deferred() {
  let resolve: (value: unknown) => void = () => undefined
  const promise = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
