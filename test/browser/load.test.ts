import type { ChildProcess } from 'node:child_process'
import { cpus } from 'node:os'
import { createClient } from 'graphql-ws'
import type { Browser, Page } from 'playwright-core'
import { Pool } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { freePort } from '../../dev/stack/server-process.js'
import { type Registered, startTestApp } from '../support/app.js'
import { ended, startPosProcess, startServe } from '../support/child.js'
import { sendOne } from '../support/load.js'
import { SPEC_PROVIDERS } from '../support/providers.js'
import { DESKTOP, launch, openPage } from './browser.js'
import { type Watched, watchPage } from './watch-page.js'

// 200 events a second with the live view open, against an orderwire in a process of its own. LOAD_SECONDS=300 is the long form.

const PER_SECOND = 200
const SECONDS = Number(process.env['LOAD_SECONDS'] ?? 60)
/** Until the list holds all the rows it keeps. */
const WARM_UP_SECONDS = 30
const LOOK_MS = 5_000
const TICK_MS = 10
const CLIENTS_PER_PROVIDER = 10
const ROW_P95_MS = 250
const FRAME_P95_MS = 50
/** What the page may add to what any subscriber waits for: its own share, on any machine. */
const PAGE_SHARE_P95_MS = 150
/** Before anything of ours works, the machine is idle for at least this share of time: else what everything takes says nothing of orderwire. */
const IDLE_SHARE = 0.7
const IDLE_LOOK_MS = 2_000
const HEAP_GROWTH_BYTES = 2 * 1024 * 1024

let serve: ChildProcess
let pos: Awaited<ReturnType<typeof startPosProcess>>
let browser: Browser
let url: string
let token: string
let isOurs: boolean
const targets: Registered[] = []
beforeAll(async () => {
  isOurs = (await idleShare(IDLE_LOOK_MS)) >= IDLE_SHARE
  browser = await launch()
  pos = await startPosProcess()
  const reader = await startTestApp({ role: 'graph' })
  token = await reader.token()
  const config = { security: { rateLimiting: { enabled: false } } }
  for (const provider of SPEC_PROVIDERS) {
    for (let index = 0; index < CLIENTS_PER_PROVIDER; index += 1)
      targets.push(await reader.register({ provider, clientId: `${provider}-${index}`, url: pos.url, config }))
  }
  await reader.stop()
  const port = await freePort()
  serve = await startServe({ ...reader.environment, PORT: String(port) })
  url = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  await browser?.close()
  serve?.kill('SIGTERM')
  if (serve) await ended(serve)
  pos?.close()
})

it(
  `shows ${PER_SECOND} events a second for ${SECONDS} s: rows at once, no long task, no more memory`,
  async () => {
    const { page, close } = await openPage(browser, { size: DESKTOP })
    await page.goto(`${url}/#token=${token}`)
    await page.locator('.connection[data-state="live"]').waitFor()
    const subscriber = subscribe()
    const heap = await heapOf(page)
    await load(WARM_UP_SECONDS)
    const take = await watchPage(page)
    const looks: Watched[] = []
    const before = await heap()
    const looking = setInterval(async () => looks.push(await take()), LOOK_MS)
    await take()
    const acked = await load(SECONDS)
    clearInterval(looking)
    await new Promise((resolve) => setTimeout(resolve, ROW_P95_MS * 4))
    looks.push(await take())
    const after = await heap()
    subscriber.stop()
    const waits = waitsOf(acked, new Map(looks.flatMap(({ seenAt }) => Object.entries(seenAt)).toReversed()))
    const told = waitsOf(acked, subscriber.toldAt)
    const framesMs = looks.flatMap((look) => look.framesMs).sort(byNumber)
    const longTasksMs = looks.flatMap((look) => look.longTasksMs).sort(byNumber)
    const figures = {
      acked: acked.size,
      seen: waits.length,
      subscriberP50Ms: at(told, 0.5),
      subscriberP95Ms: at(told, 0.95),
      rowP50Ms: at(waits, 0.5),
      rowP95Ms: at(waits, 0.95),
      rowP95MsByLook: looks.map(({ seenAt }) => at(waitsOf(acked, new Map(Object.entries(seenAt))), 0.95)),
      frames: framesMs.length,
      frameP95Ms: at(framesMs, 0.95),
      longTasks: longTasksMs.length,
      longestTaskMs: at(longTasksMs, 1),
      heapBeforeMb: before / 1e6,
      heapAfterMb: after / 1e6,
    }
    console.log(
      `live view under load: ${JSON.stringify(figures, (_, each) => (typeof each === 'number' ? Math.round(each * 10) / 10 : each))}`,
    )
    expect(acked.size).toBeGreaterThan(PER_SECOND * SECONDS * 0.98)
    // Rows that later ones pushed out of sight before a frame was drawn are never on screen.
    expect(waits.length).toBeGreaterThan(acked.size / 4)
    expect(figures.rowP95Ms).toBeLessThanOrEqual(figures.subscriberP95Ms + PAGE_SHARE_P95_MS)
    if (!isOurs) console.log(`others keep the machine busy: ${ROW_P95_MS} ms and ${FRAME_P95_MS} ms are not asserted`)
    else {
      expect(figures.rowP95Ms).toBeLessThanOrEqual(ROW_P95_MS)
      expect(figures.frameP95Ms).toBeLessThan(FRAME_P95_MS)
    }
    expect(after - before).toBeLessThan(HEAP_GROWTH_BYTES)
    await close()
  },
  (WARM_UP_SECONDS + SECONDS + 90) * 1_000,
)

async function idleShare(ms: number): Promise<number> {
  const before = cpus()
  await new Promise((resolve) => setTimeout(resolve, ms))
  const shares = cpus().map(({ times }, index) => {
    const earlier = before[index]?.times ?? times
    const total = Object.values(times).reduce((sum, each) => sum + each, 0)
    const passed = total - Object.values(earlier).reduce((sum, each) => sum + each, 0)
    return passed === 0 ? 0 : (times.idle - earlier.idle) / passed
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** Sends at a steady rate, each on its time whether or not those before were answered; when each was acknowledged by the server's clock. */
async function load(seconds: number): Promise<ReadonlyMap<string, number>> {
  const pool = new Pool(url, { connections: 64 })
  const acked = new Map<string, number>()
  const pending: Promise<void>[] = []
  const startedAt = performance.now()
  const total = PER_SECOND * seconds
  const one = async (target: Registered): Promise<void> => {
    const { eventId, processedAt } = await sendOne(pool, target)
    if (eventId !== null && processedAt !== null) acked.set(eventId, processedAt)
  }
  while (pending.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) * PER_SECOND) / 1_000))
    while (pending.length < due) pending.push(one(targets[pending.length % targets.length] as Registered))
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(pending)
  await pool.destroy()
  return acked
}

/** A bare subscriber beside the page: what the way to any subscriber takes, without the page. */
function subscribe() {
  const toldAt = new Map<string, number>()
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  })
  const stop = client.subscribe<{ events: { eventId: string } }>(
    { query: 'subscription { events(filter: { kind: DISPATCHED }) { eventId } }' },
    {
      next: ({ data }) => void (data && toldAt.set(data.events.eventId, Date.now())),
      error: () => undefined,
      complete: () => undefined,
    },
  )
  return {
    toldAt,
    stop: () => {
      stop()
      void client.dispose()
    },
  }
}

/** Asks what the page's JavaScript holds once all garbage is gone, bytes. */
async function heapOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  return async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
}

/** From each acknowledgement to the moment in `seenAt`, ascending; events that are not there are left out. */
function waitsOf(acked: ReadonlyMap<string, number>, seenAt: ReadonlyMap<string, number>): readonly number[] {
  return [...acked].flatMap(([id, ackedAt]) => (seenAt.has(id) ? [(seenAt.get(id) ?? 0) - ackedAt] : [])).sort(byNumber)
}

function byNumber(a: number, b: number): number {
  return a - b
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
