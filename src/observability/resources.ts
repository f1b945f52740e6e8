import { availableParallelism, totalmem } from 'node:os'

/** What this process uses of what it may. */
export type Resources = { readonly memoryBytes: number; readonly memoryLimitBytes: number; readonly cpu: number }

/** Reads them; `cpu` is the share of the CPUs used since the call before. */
export function createResourceReader(): () => Resources {
  const limit = process.constrainedMemory()
  const total = totalmem()
  const cpus = availableParallelism()
  let usedBefore = process.cpuUsage()
  let readBefore = process.hrtime.bigint()
  return () => {
    const used = process.cpuUsage(usedBefore)
    const readAt = process.hrtime.bigint()
    const elapsedUs = Number(readAt - readBefore) / 1_000
    usedBefore = process.cpuUsage()
    readBefore = readAt
    return {
      memoryBytes: process.memoryUsage.rss(),
      // Without a limit of its own (0, or a number beyond the machine) a process has the machine's memory.
      memoryLimitBytes: limit === undefined || limit <= 0 || limit > total ? total : limit,
      cpu: elapsedUs <= 0 ? 0 : Math.min(1, (used.user + used.system) / elapsedUs / cpus),
    }
  }
}
