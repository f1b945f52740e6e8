// The dashboard's build: `web/dist`, made once and again whenever its sources or dependencies change.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './bootstrap.mjs'

const WEB = join(ROOT, 'web')
const STAMP = join(WEB, 'dist', '.built-from')

/** Call after `bootstrap()`. Ends the process with a sentence where the build fails. */
export function buildWeb() {
  const sources = hashSources()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return
  console.log('orderwire: building the dashboard (once, and after changes) …')
  const startedAt = Date.now()
  const built = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', WEB, '--logLevel', 'warn'],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (built.status !== 0) {
    console.error('orderwire: the dashboard did not build; what Vite says is above.')
    process.exit(built.status ?? 1)
  }
  writeFileSync(STAMP, sources)
  console.log(`orderwire: dashboard built in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`)
}

function hashSources() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')))
  const files = readdirSync(WEB, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.startsWith(join(WEB, 'dist')))
    .sort()
  for (const file of files) hash.update(file.slice(WEB.length)).update(readFileSync(file))
  return hash.digest('hex')
}
