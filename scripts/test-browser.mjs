// `npm run test:browser`: the dashboard in a real Chromium. SCREENSHOTS=folder keeps pictures of every view; LOAD_SECONDS=300 is the long load.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'
import { findChromium, NO_CHROMIUM } from './chromium.mjs'
import { buildWeb } from './web.mjs'

bootstrap()
buildWeb()
const chromium = findChromium()
if (chromium === undefined) {
  console.error(NO_CHROMIUM)
  process.exit(1)
}
process.exit(
  spawnSync(
    join(ROOT, 'node_modules', '.bin', 'vitest'),
    ['run', '--project', 'browser', '--reporter=verbose', ...process.argv.slice(2)],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, CHROMIUM_PATH: chromium },
    },
  ).status ?? 1,
)
