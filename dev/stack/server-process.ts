import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A server of the local stack, under our control: tests kill, pause and start it again. */
export type ServerControl = {
  pid(): number
  /** Resolves when the process has ended. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again on the same port and data; resolves when it answers. */
  start(): Promise<void>
  pause(): void
  resume(): void
}

export type ServerOptions = {
  /** For messages, e.g. `nats-server`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly port: number
  readonly logFile: string
}

const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url))
const READY_WITHIN_MS = 20_000
const POLL_MS = 20

/** Starts a server under its keeper and waits until its port answers. Rejects with the end of its log when it does not. */
export async function startServer(options: ServerOptions): Promise<ServerControl> {
  let running = await launch(options)
  return {
    pid: () => running.pid,
    kill: async (signal) => {
      if (running.keeper.exitCode !== null) return
      const ended = new Promise((resolve) => running.keeper.once('exit', resolve))
      // Unreferenced while it serves; waited for now.
      running.keeper.ref()
      process.kill(running.pid, signal)
      await ended
    },
    start: async () => {
      running = await launch(options)
    },
    pause: () => process.kill(running.pid, 'SIGSTOP'),
    resume: () => process.kill(running.pid, 'SIGCONT'),
  }
}

async function launch(options: ServerOptions): Promise<{ readonly keeper: ChildProcess; readonly pid: number }> {
  const log = openSync(options.logFile, 'a')
  const keeper = spawn(process.execPath, ['--max-old-space-size=32', KEEPER, options.command, ...options.args], {
    stdio: ['ignore', log, log, 'ipc'],
    // A process group of its own: the terminal's Ctrl-C must not end the servers before we have drained.
    detached: true,
    env: withoutNodeOptions(),
  })
  closeSync(log)
  const state = { ended: false }
  keeper.once('exit', () => {
    state.ended = true
  })
  const pid = await new Promise<number>((resolve, reject) => {
    keeper.once('message', (message: { pid: number }) => resolve(message.pid))
    keeper.once('exit', () => reject(startFailure(options)))
  })
  // Neither the child nor its channel keeps our event loop alive.
  keeper.unref()
  keeper.channel?.unref()
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await answers(options.port))) {
    if (state.ended || Date.now() > deadline) throw startFailure(options)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return { keeper, pid }
}

function startFailure(options: ServerOptions): Error {
  const log = readFileSync(options.logFile, 'utf8').split('\n').slice(-15).join('\n')
  return new Error(
    `${options.name} did not start on port ${options.port}. The end of its log (${options.logFile}):\n${log}`,
  )
}

/** A loader or inspector meant for us must not reach the keeper. */
function withoutNodeOptions(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env
  return environment
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      // A TCP server's address is an AddressInfo.
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
