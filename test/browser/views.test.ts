import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DASHBOARD_PATHS } from '../../src/graph/dashboard.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { DESKTOP, launch, openPage } from './browser.js'
import { seedOrders } from './seed-orders.js'
import { sendMenus } from './send-menus.js'

// Views about the restaurant and about the installation, against a whole orderwire.

let app: TestApp
let browser: Browser
let link: string
beforeAll(async () => {
  browser = await launch()
  app = await startTestApp()
  link = `#token=${await app.token()}`
  await seedOrders(app)
})
afterAll(async () => {
  await browser?.close()
  await app?.stop()
})

describe('analytics', () => {
  it('say how orders went, altogether and of one store, and what is expected of the coming hours', async () => {
    const { page, faults, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${app.url}/analytics${link}`)
    await page.getByRole('cell', { name: 'Talabat', exact: true }).waitFor()
    const orders = page.locator('.tile', { hasText: 'Orders' }).locator('dd').first()
    const all = Number((await orders.innerText()).replace(/\D/g, ''))
    await page.getByLabel('Store', { exact: true }).selectOption({ label: 'Talabat · 662' })
    await page.getByRole('cell', { name: 'Careem', exact: true }).waitFor({ state: 'detached' })
    const one = Number((await orders.innerText()).replace(/\D/g, ''))
    expect(one).toBeGreaterThan(0)
    expect(one).toBeLessThan(all)
    await page.getByRole('img', { name: /orders expected in the next 12 hours/ }).waitFor()
    await page.reload()
    await page.getByRole('cell', { name: 'Talabat · 662' }).waitFor()
    expect(faults).toEqual([])
    await close()
  })

  it('mark an hour in which far fewer orders came than were expected', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${app.url}/analytics${link}`)
    await page.getByText('Fewer orders than expected').first().waitFor()
    await close()
  })
})

describe('menus', () => {
  it('show what every update changed, in the language of the page', async () => {
    await sendMenus(app)
    const { page, faults, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${app.url}/menus${link}`)
    await page.getByRole('link', { name: 'menu-house' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Version 3').waitFor()
    expect(await drawer.locator('.timeline > li').nth(1).innerText()).toMatch(
      /Chicken shawarma plate: AED\s42\.00 AED\s44\.00/,
    )
    await drawer.getByText('Hummus Beiruti: Sold out').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'العربية' }).click()
    await page.getByRole('link', { name: 'menu-house' }).click()
    await page.getByRole('dialog').getByText('Hummus Beiruti: نفد').waitFor()
    expect(faults).toEqual([])
    await close()
  })
})

describe('the audit log', () => {
  it('tells an admin who changed what', async () => {
    await app.register({ provider: 'jahez', clientId: 'audited-oven', url: 'http://127.0.0.1:9/' })
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${app.url}/audit${link}`)
    await page.getByLabel('Client').fill('audited-oven')
    const row = page.getByRole('row', { name: /registerWebhook/ })
    await row.getByText('Show').click()
    await row.getByText('"http://127.0.0.1:9/"').waitFor()
    await close()
  })

  it('is for admins', async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${app.url}/audit#token=${await app.token({ role: 'operator' })}`)
    await page.getByText('Needs the role admin').waitFor()
    await close()
  })
})

describe('the live view of a token of one client', () => {
  it('works without the figures of the whole installation', async () => {
    const { page, faults, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${app.url}/performance#token=${await app.token({ role: 'viewer', client: 'audited-oven' })}`)
    await page.getByRole('heading', { name: 'Right now' }).waitFor()
    expect(await page.getByText('In the queues').count()).toBe(0)
    expect(faults).toEqual([])
    await close()
  })
})

it("every view works where only an installation's persisted operations are run, the dashboard's own beside them", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderwire-operations-'))
  const file = join(folder, 'operations.json')
  writeFileSync(file, JSON.stringify({ health: '{ health { status } }' }))
  const strict = await startTestApp({ environment: { GRAPHQL_PERSISTED_OPERATIONS: file } })
  const { page, faults, close } = await openPage(browser, { size: DESKTOP })
  await page.goto(`${strict.url}/#token=${await strict.token()}`)
  await page.locator('.connection[data-state="live"]').waitFor()
  for (const path of DASHBOARD_PATHS) {
    await page.goto(`${strict.url}${path}`)
    await page.locator('.loading').first().waitFor({ state: 'detached' })
    expect({ path, failed: await page.getByText('could not be loaded').count() }).toEqual({ path, failed: 0 })
  }
  expect(faults).toEqual([])
  await close()
  await strict.stop()
  rmSync(folder, { recursive: true })
})
