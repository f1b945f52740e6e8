import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../dev/receiver/receiver.js'
import { orderBody, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

// What people do over the API, on the whole system: what it says, what is sent, and what is written down of it.

let app: TestApp
let pos: Receiver
let careem: Registered
beforeAll(async () => {
  pos = await startReceiver()
  app = await startTestApp()
  careem = await app.register({ provider: 'careem', clientId: 'operated', url: `${pos.url}/operated` })
})
afterAll(async () => {
  await app.stop()
  await pos.close()
})

const atPath = (path: string) => ({ matches: (delivery: { readonly path: string }) => delivery.path === path })

it('a replay sends what matches once more behind live traffic, says how far it is, and is written down', async () => {
  for (let n = 0; n < 12; n += 1) await send(app.url, careem, orderBody('careem', `replay-${n}`))
  await pos.waitFor(12, atPath('/operated'))
  await until('recorded', async () => {
    const { data } = await app.graphql('{ logs(filter: { clientId: "operated", status: SUCCESS }) { totalCount } }')
    return data.logs.totalCount === 12
  })
  const start = (dryRun: boolean) =>
    app.graphql(
      'mutation ($dryRun: Boolean) { replay(filter: { clientId: "operated" }, dryRun: $dryRun, ratePerSecond: 100, idempotencyKey: "k1") { id status total dryRun } }',
      { dryRun },
    )
  expect((await start(true)).data.replay).toMatchObject({ status: 'COMPLETED', total: 12, dryRun: true })
  const { id } = (await start(false)).data.replay
  expect((await start(false)).data.replay.id).toBe(id)
  const job = await until('completed', async () => {
    const { data } = await app.graphql(`{ replayJob(id: "${id}") { status processed queued skipped } }`)
    return data.replayJob.status === 'COMPLETED' && data.replayJob
  })
  expect(job).toMatchObject({ processed: 12, queued: 12, skipped: 0 })
  await pos.waitFor(24, atPath('/operated'))
  const { data } = await app.graphql(
    '{ auditLog(filter: { clientId: "operated" }) { totalCount edges { node { action via actor { role } changes } } } }',
  )
  expect(data.auditLog.edges.map(({ node }: { node: { action: string } }) => node.action)).toEqual([
    'replay',
    'registerWebhook',
  ])
  expect(JSON.stringify(data)).not.toContain(careem.credentials.secretKey)
})

it('an order is found by the code riders say, typed, with its history', async () => {
  const { data } = await app.graphql(
    '{ orders(filter: { clientId: "operated", search: "c-replay-3" }) { totalCount edges { node { externalId status totals { grandTotal { amount currency } } changes { to applied } } } } logs(filter: { search: "c-replay-3" }) { totalCount } }',
  )
  expect(data).toMatchObject({
    orders: {
      totalCount: 1,
      edges: [{ node: { externalId: 'c-replay-3', totals: { grandTotal: { amount: 1_000, currency: 'AED' } } } }],
    },
    logs: { totalCount: 1 },
  })
})

it('a test event arrives at its registration alone, once for one key', async () => {
  const other = await app.register({ provider: 'careem', clientId: 'operated', url: `${pos.url}/other` })
  const query = `mutation { sendTestEvent(webhookId: "${other.webhookId}", idempotencyKey: "once") { id stage order { isTest } } }`
  const [first, second] = [await app.graphql(query), await app.graphql(query)]
  expect(first.data.sendTestEvent.id).toBe(second.data.sendTestEvent.id)
  const [delivery] = await pos.waitFor(1, atPath('/other'))
  expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
    id: first.data.sendTestEvent.id,
    data: { order: { isTest: true } },
  })
  await until('recorded', async () => {
    const { data } = await app.graphql(`{ log(id: "${first.data.sendTestEvent.id}") { stage attempts { webhookId } } }`)
    return data.log?.stage === 'DELIVERED' && data.log.attempts.length === 1
  })
})

it('a registration is changed, disabled and taken away, in force at once', async () => {
  const { webhookId } = await app.register({ provider: 'jahez', clientId: 'changed', url: pos.url })
  const update = (input: string) =>
    app.graphql(
      `mutation { updateWebhook(id: "${webhookId}", input: { ${input} }) { url events status disabledReason } }`,
    )
  expect((await update(`url: "${pos.url}/new", events: ["order.created"]`)).data.updateWebhook).toEqual({
    url: `${pos.url}/new`,
    events: ['order.created'],
    status: 'ACTIVE',
    disabledReason: null,
  })
  expect((await update('status: DISABLED')).data.updateWebhook.disabledReason).toBe('Disabled by an admin')
  expect((await update('status: ACTIVE')).data.updateWebhook.disabledReason).toBeNull()
  expect((await app.graphql(`mutation { deleteWebhook(id: "${webhookId}") }`)).data).toEqual({ deleteWebhook: true })
  expect((await app.graphql(`mutation { deleteWebhook(id: "${webhookId}") }`)).errors[0].extensions.code).toBe(
    'NOT_FOUND',
  )
})
