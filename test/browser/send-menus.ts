import { send, type TestApp, until } from '../support/app.js'

const MENU = [
  { menu_item_id: 'shawarma', name: 'Chicken shawarma plate', price: '42.00' },
  { menu_item_id: 'hummus', name: 'Hummus Beiruti', price: '18.50' },
  { menu_item_id: 'tawook', name: 'شيش طاووق', price: '46.00' },
  { menu_item_id: 'lemon-mint', name: 'Lemon mint', price: '12.00' },
] as const

/** A store's menu in three updates: as it was, one dearer and one sold out, one more. Answers its id. */
export async function sendMenus(app: TestApp): Promise<string> {
  const clientId = 'menu-house'
  const store = await app.register({ provider: 'careem', clientId, url: 'http://127.0.0.1:9/' })
  const updates = [
    MENU.slice(0, 3),
    MENU.slice(0, 3).map((item, index) =>
      index === 0 ? { ...item, price: '44.00' } : { ...item, available: index !== 1 },
    ),
    MENU.map((item) => (item.menu_item_id === 'shawarma' ? { ...item, price: '44.00' } : item)),
  ]
  for (const [index, items] of updates.entries()) {
    const timestamp = new Date(Date.now() - (updates.length - index) * 60_000).toISOString()
    const named = items.map((item) => ({ available: true, currency: 'AED', ...item }))
    const menu = { restaurant_id: 'rest_marina_07', updated_at: timestamp, items: named }
    await send(app.url, store, JSON.stringify({ event_type: 'menu.updated', timestamp, data: { menu } }))
    await versionOf(app, clientId, index + 1)
  }
  return versionOf(app, clientId, updates.length)
}

function versionOf(app: TestApp, clientId: string, version: number): Promise<string> {
  return until(`version ${version} of the menu`, async () => {
    const { data } = await app.graphql(
      'query ($client: ID!) { menus(clientId: $client) { edges { node { id version } } } }',
      {
        client: clientId,
      },
    )
    const [edge] = data.menus.edges
    return edge?.node.version === version ? edge.node.id : undefined
  })
}
