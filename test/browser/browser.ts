import { type Browser, chromium, type Page } from 'playwright-core'

/** Nothing of the machine's own profile, and no traffic of the browser's own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const DESKTOP = { width: 1440, height: 900 } as const
export const PHONE = { width: 390, height: 844 } as const

/** The Chromium that `scripts/test-browser.mjs` found, with an empty profile. */
export function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH']
  if (!executablePath) throw new Error('CHROMIUM_PATH is not set: run `npm run test:browser`')
  return chromium.launch({ executablePath, headless: true, args: FLAGS })
}

export type PageOptions = {
  readonly size: typeof DESKTOP | typeof PHONE
  readonly colorScheme?: 'light' | 'dark'
  readonly language?: 'en' | 'ar'
}

/** A page of its own session. What the page's own code reports as broken is in `faults`. */
export async function openPage(
  browser: Browser,
  { size, colorScheme = 'light', language = 'en' }: PageOptions,
): Promise<{ readonly page: Page; readonly faults: string[]; close(): Promise<void> }> {
  const context = await browser.newContext({
    viewport: size,
    colorScheme,
    locale: language === 'ar' ? 'ar-KW' : 'en-GB',
    ...(size === PHONE && { hasTouch: true, isMobile: true }),
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  return { page, faults, close: () => context.close() }
}
