// `npm run bench [name]`: one bench, or the list of them.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'

const names = readdirSync(join(ROOT, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const [name, ...args] = process.argv.slice(2)
if (!names.includes(name)) {
  console.log(`Benches: ${names.join(', ')}. Run one with \`npm run bench NAME\`.`)
  process.exit(name === undefined ? 0 : 1)
}
bootstrap()
// What ships is what is measured: tsx's run-time transform costs every closure a call.
const built = spawnSync(process.execPath, [join('scripts', 'build.mjs')], { cwd: ROOT, stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
process.exit(
  spawnSync(process.execPath, ['--import', 'tsx', join('bench', `${name}.ts`), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  }).status ?? 1,
)
