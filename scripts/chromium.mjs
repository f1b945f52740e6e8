// Finds a Chromium for the browser test, or installs it where the system's package manager may: plain node.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

export const NO_CHROMIUM =
  'orderwire: the browser test needs Chromium: put one on the PATH, name it in CHROMIUM_PATH, or run as root where apt-get can install it.'

/** The path of a Chromium; undefined where there is none and none may be installed. */
export function findChromium() {
  return process.env.CHROMIUM_PATH || onPath() || install()
}

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      const file = join(folder, name)
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {
        // Not here: the next place may have it.
      }
    }
  }
  return undefined
}

/** Debian and its kin, as root: about a minute, once. */
function install() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  console.log('orderwire: installing Chromium by apt-get (once) …')
  const startedAt = Date.now()
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
    }).status === 0
  const isInstalled =
    apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-core')
  if (isInstalled) console.log(`orderwire: installed in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  return isInstalled ? onPath() : undefined
}
