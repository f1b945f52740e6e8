import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startReceiver } from '../dev/receiver/receiver.js'
import { SPLIT_ROLES, startSplit, type Usage } from '../dev/split/split.js'
import { startStack } from '../dev/stack/stack.js'
import { signToken } from '../src/graph/auth.js'
import { until } from '../test/support/app.js'
import { countByStatus, runLoad } from '../test/support/load.js'
import { createApi, environmentOf, isTaken, register, SECRETS } from '../test/support/rolling-drill.js'

// `npm run bench size`: CPU and memory of each role, two processes of each, at rates of webhooks with one delivery each.

const RATES = [100, 300, 600]
const SECONDS = 15
const SETTLE_MS = 60_000

const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-size-'))
const stack = await startStack({ dataDir, memory: true, onProgress: (line) => console.log(`  ${line}`) })
const pos = await startReceiver()
const split = await startSplit(environmentOf(stack, 'size'), 'build')
try {
  const token = await signToken(SECRETS.JWT_SECRET, { role: 'admin' }, { ttlSeconds: 3_600, now: new Date() })
  const api = createApi(split.graphUrl, token)
  const targets = await Promise.all(['a', 'b', 'c', 'd'].map((name) => register(api, `sized-${name}`, pos.url)))
  await until('registrations are in force', () => isTaken(split.ingressUrl, targets), 20_000)
  console.log(
    `\nTwo processes of each role on ${cpus().length} cores; cores and MiB are those of one process, the busier one.\n`,
  )
  console.log('| webhooks a second | answered 200 | role | cores | memory at most |')
  console.log('|---|---|---|---|---|')
  for (const perSecond of RATES) {
    const delivered = pos.received.length
    const before = await split.usage()
    const peaks = watch()
    const answers = await runLoad({ url: split.ingressUrl, targets, perSecond, durationMs: SECONDS * 1_000 })
    const accepted = countByStatus(answers)[200] ?? 0
    const startedAt = performance.now()
    await until('every delivery is made', () => pos.received.length >= delivered + accepted, SETTLE_MS)
    const seconds = SECONDS + (performance.now() - startedAt) / 1_000
    const after = await split.usage()
    const most = await peaks.end()
    for (const role of SPLIT_ROLES) {
      const cores = Math.max(
        ...after.flatMap((each, index) => (each.role === role ? [spent(before[index], each) / seconds] : [])),
      )
      const mebibytes = Math.round((most.get(role) ?? 0) / 1_048_576)
      console.log(
        `| ${perSecond} | ${accepted} of ${answers.length} | ${role} | ${cores.toFixed(2)} | ${mebibytes} MiB |`,
      )
    }
  }
} finally {
  await split.close()
  await pos.close()
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
}

function spent(before: Usage | undefined, after: Usage): number {
  return after.cpuSeconds - (before?.cpuSeconds ?? 0)
}

/** The most memory that a process of each role held, looked at every half second. */
function watch(): { end(): Promise<ReadonlyMap<string, number>> } {
  const most = new Map<string, number>()
  const look = async (): Promise<void> => {
    for (const { role, residentBytes } of await split.usage())
      most.set(role, Math.max(most.get(role) ?? 0, residentBytes))
  }
  const timer = setInterval(() => void look().catch(() => undefined), 500)
  return {
    end: async () => {
      clearInterval(timer)
      await look()
      return most
    },
  }
}
