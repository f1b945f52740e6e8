import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** `orderwire serve` as a process of its own, so that a test can kill it outright. Resolves when it answers. */
export async function startServe(environment: Readonly<Record<string, string>>, role = 'all'): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'serve', '--role', role], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  child.stdout?.on('data', (chunk) => {
    output = (output + chunk).slice(-10_000)
  })
  const url = `http://127.0.0.1:${environment['PORT']}/health`
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break
    try {
      // Any answer will do: a role is not down because another is not there yet.
      await fetch(url)
      return child
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`orderwire did not start:\n${output}`)
}

/** A point of sale in a process of its own. */
export async function startPosProcess(): Promise<{
  readonly url: string
  answer(status: number): void
  close(): void
}> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/pos-process.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const url = await new Promise<string>((resolve) =>
    child.once('message', (message: { url: string }) => resolve(message.url)),
  )
  return { url, answer: (status) => child.send({ status }), close: () => child.kill('SIGKILL') }
}

export function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()))
}
