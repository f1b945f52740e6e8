import { readFileSync } from 'node:fs'
import type { Browser, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, type Reply, startReceiver } from '../../dev/receiver/receiver.js'
import { DASHBOARD_PATHS } from '../../src/graph/dashboard.js'
import { orderBody, type Registered, send, startTestApp, type TestApp } from '../support/app.js'
import { DESKTOP, launch, openPage } from './browser.js'

// The dashboard as people use it: a real Chromium against a whole orderwire on the local stack.

let app: TestApp
let pos: Receiver
let browser: Browser
let link: string
let kitchen: Registered
/** Uber Eats' own API, at the same address: its events only name the order. */
const PLATFORM_ANSWERS: Readonly<Record<string, Reply>> = {
  '/oauth/v2/token': { status: 200, body: JSON.stringify({ access_token: 'token', expires_in: 3_600 }) },
  '/order-1': { status: 200, body: readFileSync('test/fixtures/uber-eats/live/order_resource.v2.json', 'utf8') },
}
/** What the point of sale answers now. */
let posStatus = 200

beforeAll(async () => {
  browser = await launch()
  pos = await startReceiver({
    reply: ({ path }) => PLATFORM_ANSWERS[path] ?? { status: posStatus, body: '{"till":"main"}' },
  })
  const platform = { hosts: [new URL(pos.url).host], tokenUrl: `${pos.url}/oauth/v2/token` }
  app = await startTestApp({ environment: { PLATFORM_APIS: JSON.stringify({ 'uber-eats': platform }) } })
  link = `${app.url}/#token=${await app.token()}`
  const config = { retryPolicy: { maxRetries: 0, retryDelays: [1_000], exponentialBackoff: false } }
  kitchen = await app.register({ provider: 'careem', clientId: 'harbour-grill', url: pos.url, config })
  await app.register({ provider: 'jahez', clientId: 'olive-oven', url: pos.url })
})
afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await pos?.close()
})

let orders = 0
const sendOrder = async (): Promise<string> => {
  orders += 1
  const { json } = await send(app.url, kitchen, orderBody('careem', `web-${orders}`))
  return json.eventId
}
const rowOf = (page: Page, id: string) => page.locator(`.grid-row[data-event="${id}"]`)

describe('signing in', () => {
  it('takes the token out of the address, and keeps it for the tab', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(link)
    await page.locator('.connection[data-state="live"]').waitFor()
    expect(page.url()).toBe(`${app.url}/`)
    await page.reload()
    await page.locator('.connection[data-state="live"]').waitFor()
    await close()
  })

  it('asks for a token without one, and says that one was not taken', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(app.url)
    await page.getByLabel('Token').fill('not-a-token')
    await page.getByRole('button', { name: 'Open the dashboard' }).click()
    await page.getByRole('alert').getByText('not valid').waitFor()
    await page.getByLabel('Token').fill(await app.token())
    await page.keyboard.press('Enter')
    await page.locator('.connection[data-state="live"]').waitFor()
    await close()
  })
})

describe('an order on a Friday night', () => {
  it('is seen to arrive, to fail, and after a retry to succeed', async () => {
    const { page, faults, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(link)
    await page.locator('.connection[data-state="live"]').waitFor()
    posStatus = 500
    const id = await sendOrder()
    await rowOf(page, id).getByText('Given up').waitFor()
    await rowOf(page, id).getByRole('link').click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Attempt 1 failed: given up').waitFor()
    posStatus = 200
    await drawer.getByRole('button', { name: 'Retry now' }).click()
    await drawer.getByText('Attempt 1 delivered').waitFor()
    await page.keyboard.press('Escape')
    await rowOf(page, id).getByText('Delivered').waitFor()
    expect(pos.received.filter(({ headers }) => headers['webhook-id'] === id)).toHaveLength(2)
    expect(faults).toEqual([])
    await close()
  })

  it('pauses what is shown while the stream goes on, and filters by what is typed', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(link)
    const first = await sendOrder()
    await rowOf(page, first).waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    const second = await sendOrder()
    await page.getByRole('button', { name: 'Resume · 1 new' }).click()
    await rowOf(page, second).waitFor()
    await page.getByLabel('Filter').fill(first)
    await rowOf(page, second).waitFor({ state: 'detached' })
    expect(await rowOf(page, first).count()).toBe(1)
    await close()
  })

  it('comes after its cursor what the page missed while it was offline', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    const sockets: WebSocketRoute[] = []
    let isOffline = false
    await page.routeWebSocket('**/graphql', (socket) => {
      if (isOffline) return void socket.close({ code: 1001 })
      socket.connectToServer()
      sockets.push(socket)
    })
    await page.goto(link)
    const before = await sendOrder()
    await rowOf(page, before).getByText('Delivered').waitFor()
    isOffline = true
    for (const socket of sockets) await socket.close({ code: 1001 })
    await page.locator('.connection[data-state="waiting"]').waitFor()
    const missed = await sendOrder()
    isOffline = false
    await rowOf(page, missed).getByText('Delivered').waitFor()
    await close()
  })
})

describe('dead letters', () => {
  it('are sent again all at once, after they were counted', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    posStatus = 500
    const ids = [await sendOrder(), await sendOrder()]
    await page.goto(link)
    await page.getByRole('link', { name: 'Retries' }).click()
    for (const id of ids) await page.locator(`[data-event="${id}"]`).waitFor()
    posStatus = 200
    await page.getByRole('button', { name: 'Send all again' }).click()
    await page.getByText('2 deliveries will be sent once more').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Send all again' }).click()
    await page.getByText('Nothing was given up').waitFor()
    expect(pos.received.filter(({ headers }) => ids.includes(String(headers['webhook-id'])))).toHaveLength(4)
    await close()
  })
})

describe('connections', () => {
  it('registers one, shows its secrets once, sends a test order through it, rotates, pauses and deletes it', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(link)
    await page.getByRole('link', { name: 'Connections' }).click()
    await page.getByRole('button', { name: 'Add connection' }).click()
    await page.getByLabel('Client', { exact: true }).fill('new-bistro')
    await page.getByLabel('Deliver to').fill(`${pos.url}/new-bistro`)
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText(/^whsec_/).waitFor()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    const panel = page.locator('.panel', { has: page.getByRole('heading', { name: 'new-bistro' }) })
    await panel.getByRole('button', { name: 'Send a test event' }).click()
    await pos.waitFor(1, { matches: ({ path }) => path === '/new-bistro' })
    await panel.getByRole('button', { name: 'Rotate secrets' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate secrets' }).click()
    await page.getByText(/^whsec_/).waitFor()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await panel.getByRole('button', { name: 'Pause' }).click()
    await panel.getByText('Off', { exact: true }).waitFor()
    await panel.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await panel.waitFor({ state: 'detached' })
    expect(await page.getByText(/^whsec_/).count()).toBe(0)
    await close()
  })

  it('registers a platform whose events only name the order, which is then fetched with the access stated', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(link)
    await page.getByRole('link', { name: 'Connections' }).click()
    await page.getByRole('button', { name: 'Add connection' }).click()
    await page.getByLabel('Client', { exact: true }).fill('thin-bistro')
    await page.getByLabel('Platform', { exact: true }).selectOption('UBER_EATS LIVE')
    await page.getByLabel('Deliver to').fill(`${pos.url}/thin-bistro`)
    await page.getByLabel('The platform’s secret').fill('uber-secret')
    await page.getByText('The platform’s own API').click()
    await page.getByLabel('Client secret there').fill('uber-secret')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.locator('small', { hasText: 'must not be empty' }).waitFor()
    await page.getByLabel('Client id there').fill('uber-app')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    const event = {
      event_id: 'thin-1',
      event_type: 'orders.notification',
      event_time: 1_772_000_000,
      meta: { resource_id: 'order-1', status: 'pos', user_id: 'store-1' },
      resource_href: `${pos.url}/order-1`,
    }
    const to = {
      provider: 'uber-eats',
      profile: 'live',
      clientId: 'thin-bistro',
      credentials: { secretKey: 'uber-secret' },
    } as const
    expect(await send(app.url, to, JSON.stringify(event))).toMatchObject({ status: 200 })
    const [delivery] = await pos.waitFor(1, { matches: ({ path }) => path === '/thin-bistro' })
    expect(JSON.parse(delivery?.body ?? '').order).not.toBeNull()
    await close()
  })

  it('saves the settings of a client', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(link)
    await page.getByRole('link', { name: 'Connections' }).click()
    await page.getByRole('button', { name: 'Settings: olive-oven' }).click()
    await page.getByLabel('Retries after the first attempt').fill('7')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Saved. In force everywhere').waitFor()
    const { data } = await app.graphql('{ config(clientId: "olive-oven") { retryPolicy { maxRetries } } }')
    expect(data.config.retryPolicy.maxRetries).toBe(7)
    await close()
  })
})

it('an installation without anything says in every view what to do, and a broken API says so', async () => {
  const empty = await startTestApp()
  const { page, close } = await openPage(browser, { size: DESKTOP })
  await page.goto(`${empty.url}/#token=${await empty.token()}`)
  await page.getByText('Waiting for the first event').waitFor()
  for (const path of DASHBOARD_PATHS.slice(1)) {
    await page.goto(`${empty.url}${path}`)
    await page.locator('.notice').first().waitFor()
    expect(await page.locator('.notice').first().textContent()).not.toContain('could not be loaded')
  }
  await page.route('**/graphql', (route) => route.abort())
  await page.goto(`${empty.url}/logs`)
  await page.getByText('This could not be loaded').waitFor()
  await page.unroute('**/graphql')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('No logs fit').waitFor()
  await close()
  await empty.stop()
})

it('is worked by keyboard alone: the skip link, rows by arrows, Enter opens and Escape returns', async () => {
  const { page, close } = await openPage(browser, { size: DESKTOP })
  await page.goto(link)
  await sendOrder()
  const newer = await sendOrder()
  await rowOf(page, newer).waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip')
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await rowOf(page, newer).getByRole('link').focus()
  await page.keyboard.press('ArrowDown')
  const next = await page.evaluate(() => document.activeElement?.closest('.grid-row')?.getAttribute('data-event'))
  expect(next).toMatch(/^evt_/)
  expect(next).not.toBe(newer)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText(String(next)).first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await close()
})
