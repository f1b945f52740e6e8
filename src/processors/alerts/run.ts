import { pause } from '../../lib/wait.js'
import { type Crossings, evaluate, type Reading } from './evaluate.js'
import type { AlertPorts } from './ports.js'
import type { RuleName } from './rules.js'

export type AlertRunner = { stop(): Promise<void> }

const LEASE_MS = 15_000
const EVERY_MS = 5_000

/** Looks every few seconds, in one process of the installation: the one that holds the lease. */
export function startAlerts(
  ports: AlertPorts,
  options: { readonly everyMs?: number; onError(error: unknown): void },
): AlertRunner {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    let crossings: Crossings = new Map()
    while (!stopping.signal.aborted) {
      try {
        // What another has seen meanwhile is not ours to go on from.
        crossings = (await ports.acquireLease(LEASE_MS)) ? await look(ports, crossings, options.onError) : new Map()
      } catch (error) {
        options.onError(error)
      }
      await pause(options.everyMs ?? EVERY_MS, stopping.signal)
    }
  }
  const running = loop()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** One look at everything: what fired and what cleared is saved, then told. */
export async function look(
  ports: AlertPorts,
  crossings: Crossings,
  onError: (error: unknown) => void,
): Promise<Crossings> {
  const nowMs = ports.now().getTime()
  const readings: Reading[] = []
  const measured = new Set<RuleName>()
  for (const source of ports.sources) {
    try {
      readings.push(...(await source.read(nowMs)))
      for (const rule of source.rules) measured.add(rule)
    } catch (error) {
      // Its rules say nothing this time; the others go on.
      onError(error)
    }
  }
  const result = evaluate({ active: ports.active(), readings, measured, crossings, nowMs })
  for (const alert of [...result.fired, ...result.resolved]) {
    await ports.save(alert)
    ports.notify(alert)
  }
  return result.crossings
}
