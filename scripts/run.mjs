// Bootstrap, then a locally installed tool: `node scripts/run.mjs vitest run --project unit`.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'

bootstrap()
const [tool, ...args] = process.argv.slice(2)
const child = spawn(join(ROOT, 'node_modules', '.bin', tool), args, { cwd: ROOT, stdio: 'inherit' })
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1))
