// `npm run drill [-- --short]`: traffic while everything is killed, paused and cut off in turn; then nothing may be missing.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'

bootstrap()
// What ships is what is drilled.
const built = spawnSync(process.execPath, [join('scripts', 'build.mjs')], { cwd: ROOT, stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
const args = ['--import', 'tsx', join('dev', 'drill', 'drill.ts'), ...process.argv.slice(2)]
process.exit(spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1)
