import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type Progress = (line: string) => void

/** Where built servers are kept between runs: `ORDERWIRE_CACHE`, else the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['ORDERWIRE_CACHE']) return environment['ORDERWIRE_CACHE']
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'orderwire')
}

const LOCK_POLL_MS = 500
const REPORT_EVERY_MS = 5_000

/**
 * The folder of something built once: made by `build` in a temporary folder and renamed into place, so that it is whole
 * or not there. Two stacks that start at once build it once.
 */
export async function built(
  cache: string,
  name: string,
  build: (folder: string) => Promise<void>,
  onProgress: Progress,
): Promise<string> {
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const unlock = await lock(join(cache, `${name}.lock`), onProgress)
  try {
    if (existsSync(folder)) return folder
    const temporary = `${folder}.${process.pid}.tmp`
    await rm(temporary, { recursive: true, force: true })
    await mkdir(temporary, { recursive: true })
    await build(temporary)
    await rename(temporary, folder)
    return folder
  } finally {
    await unlock()
  }
}

/** A lock file that names its holder; one whose holder is gone is taken over. */
async function lock(file: string, onProgress: Progress): Promise<() => Promise<void>> {
  let told = false
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' })
      return () => rm(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => '0'))
    if (holder > 0 && !isAlive(holder)) await rm(file, { force: true })
    else if (!told) onProgress('another process is building it; waiting')
    told = true
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // ESRCH: no such process.
    return false
  }
}

/** Runs a build tool, saying every few seconds that it still does. Rejects with the end of what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly what: string; onProgress: Progress },
): Promise<void> {
  const startedAt = Date.now()
  const seconds = (): string => `${Math.round((Date.now() - startedAt) / 1_000)} s`
  options.onProgress(`${options.what} …`)
  const timer = setInterval(() => options.onProgress(`${options.what} … ${seconds()}`), REPORT_EVERY_MS)
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: { ...process.env, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      const keep = (chunk: Buffer): void => {
        output = (output + chunk.toString()).slice(-4_000)
      }
      child.stdout.on('data', keep)
      child.stderr.on('data', keep)
      child.once('error', reject)
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}:\n${output}`)),
      )
    })
    options.onProgress(`${options.what}: done in ${seconds()}`)
  } finally {
    clearInterval(timer)
  }
}
