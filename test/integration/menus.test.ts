import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, type Registered, send, startTestApp, type TestApp, until } from '../support/app.js'

const QUERY = `query ($client: ID!) { menus(clientId: $client) { totalCount edges { node {
  id provider storeRef version items { externalId price { amount currency } available }
  versions { version outcome added removed price { externalId from { amount } to { amount } } availability { externalId available } }
} } } }`

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())

async function menuAt(clientId: string, version: number): Promise<Json> {
  return until(`the menu's version ${version}`, async () => {
    const { data } = await app.graphql(QUERY, { client: clientId })
    const [edge] = data.menus.edges
    return edge?.node.version === version ? edge.node : undefined
  })
}

describe("a platform's menu", () => {
  it('is kept with its versions, what each changed, and is shown to its own client only', async () => {
    const client = await app.register({ provider: 'careem', clientId: 'menu-a', url: 'http://127.0.0.1:9/' })
    const fixture = JSON.parse(
      readFileSync(new URL('../fixtures/careem/spec/menu.updated.json', import.meta.url), 'utf8'),
    )
    const post = (to: Registered, minute: number, change: (item: Json) => void) => {
      const event = structuredClone(fixture)
      event.timestamp = `2026-03-14T17:0${minute}:00Z`
      for (const item of event.data.menu.items) change(item)
      return send(app.url, to, JSON.stringify(event))
    }
    expect((await post(client, 1, () => undefined)).status).toBe(200)
    const first = await menuAt('menu-a', 1)
    expect(first).toMatchObject({ provider: 'CAREEM', storeRef: fixture.data.menu.restaurant_id })
    expect(first.items.length).toBe(fixture.data.menu.items.length)
    await post(client, 2, (item) => {
      item.price = '99.50'
      item.currency = 'AED'
    })
    const second = await menuAt('menu-a', 2)
    expect(second.items[0].price).toEqual({ amount: 9_950, currency: 'AED' })
    expect(second.versions[1].price[0]).toMatchObject({
      externalId: fixture.data.menu.items[0].menu_item_id,
      to: { amount: 9_950 },
    })
    const stranger = await app.token({ role: 'admin', client: 'menu-b' })
    const { data } = await app.graphql(`{ menu(id: "${second.id}") { id } menus { totalCount } }`, {}, stranger)
    expect(data).toEqual({ menu: null, menus: { totalCount: 0 } })
  })
})
