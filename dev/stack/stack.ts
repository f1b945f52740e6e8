import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Progress } from './cache.js'
import { type Resolved, resolveMongo, resolveNats } from './resolve.js'
import { freePort, type ServerControl, startServer } from './server-process.js'

/** nats-server and MongoDB on this machine, for `npm start`, tests and benches. */
export type LocalStack = {
  readonly natsUrl: string
  readonly mongoUrl: string
  /** One line per server: how it was had. */
  readonly description: readonly string[]
  /** Null where the server is not ours (its URL was given). */
  readonly nats: ServerControl | null
  readonly mongo: ServerControl | null
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type StackOptions = {
  /** Where both servers keep their data. */
  readonly dataDir: string
  /** Keeps MongoDB's data in memory where that is the stand-in; tests do. */
  readonly memory?: boolean
  /** What nats-server may keep on disk, in bytes; unbounded where not told. */
  readonly storeBytes?: number
  readonly environment?: NodeJS.ProcessEnv
  onProgress?(line: string): void
}

/** Starts both servers, each resolved in the order of docs/decisions/0002-local-stack.md. */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const onProgress = options.onProgress ?? (() => undefined)
  const environment = options.environment ?? process.env
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  // One after the other: two builds at once would not be faster.
  const natsWay = await resolveNats(environment, onProgress)
  const mongoWay = await resolveMongo(environment, onProgress)
  const [nats, mongo] = await Promise.all([
    launchNats(natsWay, dataDir, options.storeBytes),
    launchMongo(mongoWay, dataDir, options, onProgress),
  ])
  const close = async (): Promise<void> => {
    await Promise.all([mongo.control?.kill('SIGTERM'), nats.control?.kill('SIGTERM')])
  }
  return {
    natsUrl: nats.url,
    mongoUrl: mongo.url,
    description: [`NATS     ${nats.url}  (${natsWay.how})`, `MongoDB  ${mongo.url}  (${mongoWay.how})`],
    nats: nats.control,
    mongo: mongo.control,
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Launched = { readonly url: string; readonly control: ServerControl | null }

async function launchNats(way: Resolved, dataDir: string, storeBytes?: number): Promise<Launched> {
  if (way.kind === 'url') return { url: way.url, control: null }
  const port = await freePort()
  const folder = join(dataDir, 'nats')
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'nats.conf')
  await writeFile(config, natsConfig(port, join(folder, 'jetstream'), storeBytes))
  const control = await startServer({
    name: 'nats-server',
    command: way.command,
    args: ['-c', config],
    port,
    logFile: join(folder, 'nats.log'),
  })
  return { url: `nats://127.0.0.1:${port}`, control }
}

/** An acknowledgement must mean fsynced: `sync_interval: always`. A delivery carries a payload beside its canonical order. */
function natsConfig(port: number, storeDir: string, storeBytes?: number): string {
  return `listen: "127.0.0.1:${port}"
max_payload: 8388608
jetstream {
  store_dir: ${JSON.stringify(storeDir)}
  sync_interval: always${storeBytes === undefined ? '' : `\n  max_file_store: ${storeBytes}`}
}
`
}

async function launchMongo(
  way: Resolved,
  dataDir: string,
  options: StackOptions,
  onProgress: Progress,
): Promise<Launched> {
  if (way.kind === 'url') return { url: way.url, control: null }
  const port = await freePort()
  const folder = join(dataDir, 'mongo')
  await mkdir(folder, { recursive: true })
  const args =
    way.flavour === 'mongod'
      ? ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', folder, '--quiet']
      : [...way.args, String(port), options.memory === true ? 'memory' : join(folder, 'stand-in.mv')]
  onProgress(`starting ${way.how}`)
  const control = await startServer({
    name: 'MongoDB',
    command: way.command,
    args,
    port,
    logFile: join(folder, 'mongo.log'),
  })
  return { url: `mongodb://127.0.0.1:${port}`, control }
}
