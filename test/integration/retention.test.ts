import { randomBytes } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { startReceiver } from '../../dev/receiver/receiver.js'
import type { Log } from '../../src/domain/log.js'
import { createSealer } from '../../src/lib/seal.js'
import { sweep } from '../../src/processors/retention/retention.js'
import { openStore } from '../../src/store/store.js'
import { orderBody, send, startTestApp, until } from '../support/app.js'

const DAY_MS = 86_400_000

describe('retention', () => {
  it('takes out payloads, customer data and logs, each at its time, and leaves nothing that has expired', async () => {
    const pos = await startReceiver()
    const app = await startTestApp()
    const client = await app.register({ provider: 'careem', clientId: 'kept', url: pos.url })
    const { json } = await send(app.url, client, orderBody('careem', 'old'))
    await until('it is logged', async () => {
      const { data } = await app.graphql('{ logs(filter: {status: SUCCESS}) { totalCount } }')
      return data.logs.totalCount === 1
    })
    await until('the metric says that nothing has expired', async () => {
      const text = await (await fetch(`${app.url}/metrics`)).text()
      return ['logs', 'payloads', 'customerData'].every((what) =>
        text.includes(`orderwire_expired_present{what="${what}"} 0`),
      )
    })
    const url = app.environment['MONGODB_URL'] ?? inject('mongoUrl')
    const database = app.environment['MONGODB_DATABASE'] ?? ''
    await app.stop()
    await pos.close()
    const store = openStore({
      url,
      database,
      sealer: createSealer(randomBytes(32).toString('hex')),
      holder: 'test',
      now: () => new Date(),
    })
    const policy = { logDays: 30, payloadDays: 2, customerDataDays: 5, customerPaths: ['customer', 'address', 'note'] }
    const at = (days: number) => sweep(store.retention, { policy, now: () => new Date(Date.now() + days * DAY_MS) })
    const find = (): Promise<Log | null> => store.logs.findLog(json.eventId)
    const none = { logs: 0, payloads: 0, customerData: 0, buckets: 0 }
    expect(await at(1)).toEqual({ removed: none, left: none })
    expect((await find())?.payload).not.toBeNull()
    // The minute's stats go with it, for its client and for all.
    expect(await at(3)).toEqual({ removed: { ...none, payloads: 1, buckets: 2 }, left: none })
    expect(await find()).toMatchObject({ payload: null, canonical: { data: { order: { externalId: 'c-old' } } } })
    expect(await at(6)).toEqual({ removed: { ...none, customerData: 1 }, left: none })
    expect((await find())?.canonical?.data.order).toMatchObject({ customer: null, address: null, note: null })
    expect(await at(31)).toEqual({ removed: { ...none, logs: 1 }, left: none })
    expect(await find()).toBeNull()
    // The hours, then the days, of the log and of its order.
    expect(await at(71)).toEqual({ removed: { ...none, buckets: 4 }, left: none })
    expect(await at(401)).toEqual({ removed: { ...none, buckets: 4 }, left: none })
    await store.close()
  })
})
