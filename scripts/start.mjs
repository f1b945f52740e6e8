// `npm start`: bootstrap, then `orderwire up`. Ctrl-C reaches the child from the terminal; we wait until it has stopped.
// If we are killed outright, the channel to the child closes, and it stops by itself.
import { spawn } from 'node:child_process'
import { bootstrap, ROOT } from './bootstrap.mjs'
import { buildWeb } from './web.mjs'

bootstrap()
buildWeb()
const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'up', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
})
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1))
