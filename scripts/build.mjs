// `npm run build`: dist/ as it ships. Benches and tests of whole processes run it first.
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'

/** What tsc does not copy: the page's files and the keeper. */
const ASSETS = [
  'src/graph/page/index.html',
  'src/graph/page/live.css',
  'src/graph/page/live.js',
  'dev/stack/keeper.mjs',
  'tools',
]

bootstrap()
const compiled = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
})
if (compiled.status !== 0) process.exit(compiled.status ?? 1)
for (const file of ASSETS) cpSync(join(ROOT, file), join(ROOT, 'dist', file), { recursive: true })
