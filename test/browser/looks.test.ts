import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Demo, prepareDemo } from '../../dev/demo.js'
import { DASHBOARD_PATHS } from '../../src/graph/dashboard.js'
import { startTestApp, type TestApp, until } from '../support/app.js'
import { DESKTOP, launch, openPage, PHONE } from './browser.js'
import { seedOrders } from './seed-orders.js'
import { sendMenus } from './send-menus.js'

// Every view with the demo's restaurants in it, in each size, theme and language. SCREENSHOTS=folder keeps pictures.

/** A dozen views, each looked through by axe. */
const LOOK_TIMEOUT_MS = 180_000

let app: TestApp
let demo: Demo
let browser: Browser
let link: string
const folder = mkdtempSync(join(tmpdir(), 'orderwire-looks-'))
/** Views, and what opens over them; the live view last, when it has something to show. */
const paths: string[] = DASHBOARD_PATHS.slice(1)

beforeAll(async () => {
  browser = await launch()
  demo = await prepareDemo(folder)
  app = await startTestApp({ environment: demo.environment })
  const token = await app.token()
  link = `${app.url}/#token=${token}`
  await seedOrders(app)
  await demo.start({ apiUrl: app.url, token })
  const menu = await sendMenus(app)
  const event = await until(
    'an order was delivered',
    async () => {
      const { data } = await app.graphql('{ logs(first: 100, filter: { status: SUCCESS }) { edges { node { id } } } }')
      return data.logs.edges.length < 20 ? undefined : data.logs.edges[0].node.id
    },
    30_000,
  )
  paths.push(`/logs?event=${event}`, `/menus?menu=${encodeURIComponent(menu)}`, '/')
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Look = {
  readonly size: typeof DESKTOP | typeof PHONE
  readonly colorScheme: 'light' | 'dark'
  readonly language: 'en' | 'ar'
}

/** Each size, theme and language at least once; for pictures every combination. */
const LOOKS: readonly Look[] = process.env['SCREENSHOTS']
  ? [PHONE, DESKTOP].flatMap((size) =>
      (['dark', 'light'] as const).flatMap((colorScheme) =>
        (['ar', 'en'] as const).map((language) => ({ size, colorScheme, language })),
      ),
    )
  : [
      { size: DESKTOP, colorScheme: 'light', language: 'en' },
      { size: DESKTOP, colorScheme: 'dark', language: 'ar' },
      { size: PHONE, colorScheme: 'dark', language: 'en' },
      { size: PHONE, colorScheme: 'light', language: 'ar' },
    ]

describe.each(LOOKS)('in $size.width px, $colorScheme, $language', (look) => {
  it(
    'has no serious finding of axe, nothing wider than the screen and nothing broken, in any view',
    async () => {
      const { page, faults, close } = await openPage(browser, look)
      await page.goto(link)
      await page.locator('.connection[data-state="live"]').waitFor()
      for (const path of paths) {
        await page.goto(`${app.url}${path}`)
        await page.locator('.connection[data-state="live"]').waitFor()
        await page.locator('.loading').first().waitFor({ state: 'detached' })
        expect({ path, findings: await seriousFindings(page) }).toEqual({ path, findings: [] })
        // A phone zooms out of a page that is too wide, so its own width says nothing.
        const overflow = (await page.evaluate(() => document.documentElement.scrollWidth)) - look.size.width
        expect({ path, overflow: Math.max(0, overflow) }).toEqual({ path, overflow: 0 })
        await keepPicture(page, path, look)
      }
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(look.language === 'ar' ? 'rtl' : 'ltr')
      expect(faults).toEqual([])
      await close()
    },
    LOOK_TIMEOUT_MS,
  )
})

async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary?.slice(0, 220)}`)
}

/** With SCREENSHOTS=folder. */
async function keepPicture(page: Page, path: string, { size, colorScheme, language }: Look) {
  const folder = process.env['SCREENSHOTS']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  const view =
    path === '/' ? 'live' : path.includes('event=') ? 'event' : path.includes('menu=') ? 'menu' : path.slice(1)
  const name = `${view}-${size === PHONE ? 'phone' : 'desktop'}-${colorScheme}-${language}.png`
  await until('the view has settled', async () => (await page.locator('.loading').count()) === 0)
  // The whole view, as a screen would show it that is as high.
  const height = Math.max(size.height, await page.evaluate(() => document.documentElement.scrollHeight))
  await page.setViewportSize({ ...size, height })
  await page.screenshot({ path: join(folder, name) })
  await page.setViewportSize(size)
}
