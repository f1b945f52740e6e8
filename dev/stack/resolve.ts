import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DryMongoBinary, MongoBinary } from 'mongodb-memory-server-core'
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js'
import { built, cacheFolder, type Progress, run } from './cache.js'

/** How a server of the local stack is to be had. `how` stands in the start-up summary. */
export type Resolved =
  | { readonly kind: 'url'; readonly url: string; readonly how: string }
  | {
      readonly kind: 'command'
      readonly command: string
      readonly flavour: 'nats' | 'mongod' | 'stand-in'
      readonly args: readonly string[]
      readonly how: string
    }

/** No way led to the server; `message` names the ways out. */
export class ServerUnavailableError extends Error {
  override readonly name = 'ServerUnavailableError'
  readonly code = 'SERVER_UNAVAILABLE'
}

const TOOLS = fileURLToPath(new URL('../../tools/', import.meta.url))
const MIN_NATS: readonly [number, number] = [2, 12]
const DOWNLOAD_PROBE_MS = 3_000

/** `NATS_URL`, nats-server on PATH, or built once with Go. */
export async function resolveNats(environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<Resolved> {
  const url = environment['NATS_URL']
  if (url) return { kind: 'url', url, how: 'NATS_URL' }
  const onPath = findOnPath('nats-server', environment)
  if (onPath !== undefined && isRecentNats(onPath))
    return { kind: 'command', command: onPath, flavour: 'nats', args: [], how: 'nats-server on PATH' }
  const go = findOnPath('go', environment)
  if (go === undefined)
    throw unavailable(
      'nats-server 2.12 or later',
      'NATS_URL=nats://host:4222',
      'a nats-server on PATH, or Go 1.26 or later to build it',
    )
  const folder = await built(
    cacheFolder(environment),
    `nats-${fingerprint('go.mod')}`,
    (target) =>
      run(go, ['build', '-o', join(target, 'nats-server'), 'github.com/nats-io/nats-server/v2'], {
        cwd: TOOLS,
        what: 'building nats-server with Go (once, about a minute)',
        onProgress,
      }),
    onProgress,
  )
  return {
    kind: 'command',
    command: join(folder, 'nats-server'),
    flavour: 'nats',
    args: [],
    how: 'nats-server built from tools/go.mod',
  }
}

const STAND_IN_SOURCES = ['MongoStandIn', 'CommandLock', 'WholeCommits'].map(
  (name) => `mongo/src/main/java/orderwire/${name}.java`,
)

/** `MONGODB_URL`, mongod on PATH, a downloaded mongod, or the Java stand-in. */
export async function resolveMongo(environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<Resolved> {
  const url = environment['MONGODB_URL']
  if (url) return { kind: 'url', url, how: 'MONGODB_URL' }
  const onPath = findOnPath('mongod', environment)
  if (onPath !== undefined)
    return { kind: 'command', command: onPath, flavour: 'mongod', args: [], how: 'mongod on PATH' }
  const downloaded = await downloadedMongod(cacheFolder(environment), onProgress)
  if (downloaded !== undefined)
    return { kind: 'command', command: downloaded, flavour: 'mongod', args: [], how: 'downloaded mongod' }
  const java = findOnPath('java', environment)
  const maven = findOnPath('mvn', environment)
  if (java === undefined || maven === undefined)
    throw unavailable(
      'MongoDB',
      'MONGODB_URL=mongodb://host:27017',
      'a mongod on PATH, or Java 17 with Maven for the stand-in',
    )
  const folder = await built(
    cacheFolder(environment),
    `mongo-${fingerprint('mongo/pom.xml', ...STAND_IN_SOURCES)}`,
    (target) => buildStandIn(maven, target, onProgress),
    onProgress,
  )
  const classPath = [join(folder, 'target', 'classes'), join(folder, 'lib', '*')].join(delimiter)
  return {
    kind: 'command',
    command: java,
    flavour: 'stand-in',
    args: ['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=4', '-cp', classPath, 'orderwire.MongoStandIn'],
    how: 'stand-in for MongoDB (mongo-java-server) built from tools/mongo',
  }
}

async function buildStandIn(maven: string, target: string, onProgress: Progress): Promise<void> {
  await cp(join(TOOLS, 'mongo'), target, { recursive: true })
  await run(maven, ['-q', '-B', 'compile', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], {
    cwd: target,
    what: 'building the stand-in for MongoDB with Maven (once, about ten seconds)',
    onProgress,
  })
}

/** A real mongod, where it is already downloaded or may be. A refusal is remembered, so that the next start does not wait again. */
async function downloadedMongod(cache: string, onProgress: Progress): Promise<string | undefined> {
  const downloadDir = join(cache, 'mongod')
  const refused = join(cache, 'mongod-download-refused')
  if (existsSync(refused)) return undefined
  try {
    const options = await DryMongoBinary.generateOptions({ downloadDir })
    const known = await DryMongoBinary.locateBinary(options)
    if (known !== undefined) return known
    const address = await new MongoBinaryDownloadUrl({ ...options, platform: process.platform }).getDownloadUrl()
    const probe = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(DOWNLOAD_PROBE_MS) })
    if (!probe.ok) throw new Error(`the download answered ${probe.status}`)
    onProgress('downloading mongod (once) …')
    return await MongoBinary.getPath({ downloadDir })
  } catch (error) {
    onProgress(
      `mongod cannot be downloaded here (${error instanceof Error ? error.message : String(error)}); delete ${refused} to try again`,
    )
    await mkdir(cache, { recursive: true })
    await writeFile(refused, '')
    return undefined
  }
}

function unavailable(what: string, url: string, install: string): ServerUnavailableError {
  return new ServerUnavailableError(
    `${what} is needed and could not be had. Ways out: set ${url}; install ${install}; or start both with \`docker compose up\`.`,
  )
}

/** Names a build by what it is built from, so that a changed pin is built anew. */
function fingerprint(...files: readonly string[]): string {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of files) hash.update(readFileSync(join(TOOLS, file)))
  return hash.digest('hex').slice(0, 12)
}

function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}

function isRecentNats(command: string): boolean {
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' })) ?? []
  return Number(major) > MIN_NATS[0] || (Number(major) === MIN_NATS[0] && Number(minor) >= MIN_NATS[1])
}
