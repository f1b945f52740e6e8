// What tsc does not copy into dist: the page's files and the keeper.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './bootstrap.mjs'

for (const file of [
  'src/graph/page/index.html',
  'src/graph/page/live.css',
  'src/graph/page/live.js',
  'dev/stack/keeper.mjs',
  'tools',
]) {
  cpSync(join(ROOT, file), join(ROOT, 'dist', file), { recursive: true })
}
