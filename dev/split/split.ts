import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort } from '../stack/server-process.js'
import { type Balancer, startBalancer } from './balancer.js'

export const SPLIT_ROLES = ['ingress', 'processors', 'graph'] as const
export type SplitRole = (typeof SPLIT_ROLES)[number]

/** orderwire as a cluster runs it: two processes a role, ingress and graph each behind a balancer. */
export type Split = {
  readonly ingressUrl: string
  readonly graphUrl: string
  /** Stops and starts every process of a role, one after the other: the next once the one before is ready. Rejects when one does not end by itself. */
  restart(role: SplitRole): Promise<void>
  /** What every process has used so far, and holds now. */
  usage(): Promise<readonly Usage[]>
  close(): Promise<void>
}

export type Usage = { readonly role: SplitRole; readonly cpuSeconds: number; readonly residentBytes: number }

const INSTANCES = 2
const READY_WITHIN_MS = 60_000
const POLL_MS = 50
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

type Instance = { readonly role: SplitRole; readonly port: number; child: ChildProcess }

/** How a process is started: from the sources, or from what `npm run build` made of them, which starts sooner. */
export type Entry = 'sources' | 'build'
const ENTRIES: Readonly<Record<Entry, readonly string[]>> = {
  sources: ['--import', 'tsx', 'src/main.ts'],
  build: ['dist/src/main.js'],
}

/** Starts six processes on one stack. `environment` holds what `serve` needs but PORT. */
export async function startSplit(environment: Readonly<Record<string, string>>, entry: Entry): Promise<Split> {
  const launch = (role: SplitRole, port: number): ChildProcess =>
    spawn(process.execPath, [...ENTRIES[entry], 'serve', '--role', role], {
      cwd: ROOT,
      env: { ...process.env, ...environment, HOST: '127.0.0.1', PORT: String(port) },
      // The channel ends them with us, however we end.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  const instances: Instance[] = []
  for (const role of SPLIT_ROLES)
    for (let index = 0; index < INSTANCES; index += 1) {
      const port = await freePort()
      instances.push({ role, port, child: launch(role, port) })
    }
  const stopAll = async (): Promise<void> => {
    await Promise.all(instances.map(stop))
  }
  try {
    await Promise.all(instances.map(whenReady))
  } catch (error) {
    await stopAll()
    throw error
  }
  const portsOf = (role: SplitRole): number[] => instances.filter((each) => each.role === role).map(({ port }) => port)
  const balancers: Balancer[] = [await startBalancer(portsOf('ingress')), await startBalancer(portsOf('graph'))]
  const [ingress, graph] = balancers
  return {
    ingressUrl: ingress?.url ?? '',
    graphUrl: graph?.url ?? '',
    restart: async (role) => {
      for (const instance of instances.filter((each) => each.role === role)) {
        const code = await stop(instance)
        if (code !== 0) throw new Error(`${role} on port ${instance.port} ended with ${code}, not by draining`)
        instance.child = launch(role, instance.port)
        await whenReady(instance)
        await until(
          () => role === 'processors' || balancers.some((balancer) => balancer.ready().includes(instance.port)),
        )
      }
    },
    usage: () => Promise.all(instances.map(usageOf)),
    close: async () => {
      await Promise.all(balancers.map((balancer) => balancer.close()))
      await stopAll()
    },
  }
}

async function usageOf({ role, port }: Instance): Promise<Usage> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    role,
    cpuSeconds: read('process_cpu_seconds_total'),
    residentBytes: read('process_resident_memory_bytes'),
  }
}

/** Asks a process to stop and waits until it has. Answers its exit code; null when it had to be killed. */
async function stop({ child }: Instance): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

async function whenReady({ role, port, child }: Instance): Promise<void> {
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${role} on port ${port} ended with ${child.exitCode} at its start`)
    // Refused: not listening yet.
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    return answer?.ok === true
  })
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not ready within ${READY_WITHIN_MS / 1_000} s`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
