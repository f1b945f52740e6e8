import type { Page } from 'playwright-core'

/** What the page's main thread and its live list did since they were last asked; times in ms. */
export type Watched = {
  /** When each event's row was first within the list's visible box as a frame began, ms since 1970. */
  readonly seenAt: Readonly<Record<string, number>>
  /** From one frame to the next: what the main thread was busy with made the next one wait. */
  readonly framesMs: readonly number[]
  /** Tasks over 50 ms. */
  readonly longTasksMs: readonly number[]
}

type WatchedWindow = Window & { takeWatched(): Watched }

/** Starts watching; the function gives, and lets the page forget, what there was since the last call. */
export async function watchPage(page: Page): Promise<() => Promise<Watched>> {
  await page.evaluate(watch)
  return () => page.evaluate(() => (window as unknown as WatchedWindow).takeWatched())
}

/** Runs in the page. */
function watch(): void {
  const known = new Set<string>()
  let watched = { seenAt: {} as Record<string, number>, framesMs: [] as number[], longTasksMs: [] as number[] }
  ;(window as unknown as WatchedWindow).takeWatched = () => {
    const taken = watched
    watched = { seenAt: {}, framesMs: [], longTasksMs: [] }
    known.clear()
    return taken
  }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.longTasksMs.push(duration)
  }).observe({ entryTypes: ['longtask'] })
  let last = performance.now()
  const frame = (now: number): void => {
    watched.framesMs.push(now - last)
    last = now
    const visible = document.querySelector('.grid-body')?.clientHeight ?? 0
    for (const row of document.querySelectorAll<HTMLElement>('.grid-row')) {
      const id = row.dataset['event'] ?? ''
      if (known.has(id) || new DOMMatrix(row.style.transform).m42 >= visible) continue
      known.add(id)
      watched.seenAt[id] = Date.now()
    }
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}
