// Keeps one server process: it ends when the process that started it ends, however that came about (also by kill -9).
// Plain node without dependencies, so that it is small and starts at once. Usage: node keeper.mjs COMMAND ARGS…, with an IPC channel.
import { spawn } from 'node:child_process'

const KILL_AFTER_MS = 3_000

const [command, ...args] = process.argv.slice(2)
const server = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })

server.on('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
server.on('spawn', () => process.send?.({ pid: server.pid }))
server.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))

function end() {
  server.kill('SIGTERM')
  // A stopped process does not notice SIGTERM.
  setTimeout(() => server.kill('SIGKILL'), KILL_AFTER_MS).unref()
}

// The channel closes when the parent is gone.
process.on('disconnect', end)
process.on('SIGTERM', end)
// A Ctrl-C in the terminal is for the parent, which stops its servers last.
process.on('SIGINT', () => undefined)
