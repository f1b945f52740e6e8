// `npm run build`: dist/ as it ships. Benches and tests of whole processes run it first.
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'
import { buildWeb } from './web.mjs'

/** What tsc does not copy: the built dashboard, and what the local stack is made of. */
const ASSETS = ['web/dist', 'dev/stack/keeper.mjs', 'tools']

bootstrap()
buildWeb()
const compiled = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
})
if (compiled.status !== 0) process.exit(compiled.status ?? 1)
for (const file of ASSETS) cpSync(join(ROOT, file), join(ROOT, 'dist', file), { recursive: true })
