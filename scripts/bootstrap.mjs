// Makes a fresh clone runnable: plain node without dependencies. Every npm script goes through here, so that any of them
// may be the first command. Does nothing, and needs no network, while node_modules matches the lockfile.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const STAMP = join(ROOT, 'node_modules', '.orderwire-lock')
const NODE_NEEDED = [20, 19]

export function bootstrap() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1])) {
    fail(`orderwire needs Node ${NODE_NEEDED.join('.')} or later; this is ${process.versions.node}.`)
  }
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return
  console.log('orderwire: installing what package-lock.json says (once) …')
  const startedAt = Date.now()
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (result.status !== 0)
    fail(
      'npm ci failed. It needs a package registry: check the network and the registry npm is configured with, then run the same command again.',
    )
  writeFileSync(STAMP, lock)
  console.log(`orderwire: installed in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
}

function fail(sentence) {
  console.error(`orderwire: ${sentence}`)
  process.exit(1)
}
