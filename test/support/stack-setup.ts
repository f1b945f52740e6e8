import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startStack } from '../../dev/stack/stack.js'

declare module 'vitest' {
  interface ProvidedContext {
    natsUrl: string
    mongoUrl: string
  }
}

/** One local stack for a whole run; tests keep apart by subject prefix and database name. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-stack-'))
  const stack = await startStack({ dataDir, memory: true, onProgress: (line) => console.log(`local stack: ${line}`) })
  project.provide('natsUrl', stack.natsUrl)
  project.provide('mongoUrl', stack.mongoUrl)
  return async () => {
    await stack.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}
