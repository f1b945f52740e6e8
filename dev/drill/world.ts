import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { signToken } from '../../src/graph/auth.js'
import { startProxy, type TcpProxy } from '../proxy/proxy.js'
import { freePort } from '../stack/server-process.js'
import { type LocalStack, startStack } from '../stack/stack.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SECRETS = {
  JWT_SECRET: 'drill-jwt-secret-0123456789-0123456789',
  ENCRYPTION_KEY: 'drill-encryption-key-0123456789-01234',
}
/** What nats-server may keep on disk: small enough for a drill to fill. */
export const STORE_BYTES = 512 * 1024 * 1024
const READY_MS = 40_000

/** A process of the drill that is killed, paused and started again. */
export type Part = {
  readonly name: string
  kill(): Promise<void>
  start(environment?: Readonly<Record<string, string>>): Promise<void>
  pause(): void
  resume(): void
}

/** One delivery as the receiver wrote it down before it answered. */
export type Receipt = {
  readonly id: string
  readonly path: string
  readonly order: string
  readonly revision: number
  readonly attempt: number
  readonly status: number
  readonly at: number
}

export type World = {
  readonly stack: LocalStack
  readonly parts: Readonly<
    Record<'ingress' | 'processors' | 'processors2' | 'graph' | 'nats' | 'mongo' | 'receiver', Part>
  >
  readonly natsLink: TcpProxy
  readonly receiverLink: TcpProxy
  readonly ingressUrl: string
  readonly receiverUrl: string
  receipts(): readonly Receipt[]
  /** A REST or GraphQL call as an admin; throws when it is not answered well. */
  call<T>(method: string, path: string, body?: object): Promise<T>
  close(): Promise<void>
}

/** Every role as a process of its own, NATS and the receiver behind proxies. */
export async function buildWorld(dataDir: string): Promise<World> {
  const stack = await startStack({
    dataDir,
    storeBytes: STORE_BYTES,
    environment: { ...process.env, NATS_URL: '', MONGODB_URL: '' },
  })
  const { nats, mongo } = stack
  if (nats === null || mongo === null) throw new Error('the drill needs servers of its own')
  const natsLink = await startProxy({ port: Number(new URL(stack.natsUrl).port) })
  const receiverPort = await freePort()
  const receiverLink = await startProxy({ port: receiverPort })
  const receiptFile = join(dataDir, 'receipts.jsonl')
  const environment = {
    ...SECRETS,
    NATS_URL: `nats://127.0.0.1:${natsLink.port}`,
    MONGODB_URL: stack.mongoUrl,
    HOST: '127.0.0.1',
    LOG_LEVEL: process.env['DRILL_LOG_LEVEL'] ?? 'error',
    ALLOW_PRIVATE_TARGETS: 'true',
    WEBHOOK_TIMEOUT: '4000',
  }
  const ports = {
    ingress: await freePort(),
    processors: await freePort(),
    processors2: await freePort(),
    graph: await freePort(),
  }
  const role = (name: keyof typeof ports, as: string): Part =>
    nodePart(
      name,
      ['--import', './dev/drill/skewed-clock.mjs', 'dist/src/main.js', 'serve', '--role', as],
      ports[name],
      {
        ...environment,
        PORT: String(ports[name]),
      },
    )
  const server = (name: string, control: typeof nats): Part => ({
    name,
    kill: () => control.kill('SIGKILL'),
    start: () => control.start(),
    pause: control.pause,
    resume: control.resume,
  })
  const parts = {
    ingress: role('ingress', 'ingress'),
    processors: role('processors', 'processors'),
    processors2: role('processors2', 'processors'),
    graph: role('graph', 'graph'),
    nats: server('nats-server', nats),
    mongo: server('MongoDB', mongo),
    receiver: nodePart(
      'receiver',
      ['dev/drill/recording-receiver.mjs', String(receiverPort), receiptFile],
      receiverPort,
      {},
    ),
  }
  await parts.receiver.start()
  await parts.graph.start()
  await Promise.all([parts.ingress.start(), parts.processors.start(), parts.processors2.start()])
  return {
    stack,
    parts,
    natsLink,
    receiverLink,
    ingressUrl: `http://127.0.0.1:${ports.ingress}`,
    receiverUrl: `http://127.0.0.1:${receiverLink.port}`,
    receipts: () =>
      existsSync(receiptFile)
        ? readFileSync(receiptFile, 'utf8')
            .split('\n')
            .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Receipt] : []))
        : [],
    call: async (method, path, body) => {
      const token = await signToken(SECRETS.JWT_SECRET, { role: 'admin' }, { ttlSeconds: 3_600, now: new Date() })
      const response = await fetch(`http://127.0.0.1:${ports.graph}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      // The drill reads what it asked for; a missing field fails where it is used.
      return (await response.json()) as never
    },
    close: async () => {
      await Promise.all(
        [parts.ingress, parts.processors, parts.processors2, parts.graph, parts.receiver].map((each) => each.kill()),
      )
      await natsLink.close()
      await receiverLink.close()
      await stack.close()
    },
  }
}

function nodePart(
  name: string,
  args: readonly string[],
  port: number,
  environment: Readonly<Record<string, string>>,
): Part {
  let child: ChildProcess | undefined
  return {
    name,
    kill: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
    start: async (extra = {}) => {
      child = spawn(process.execPath, args, {
        cwd: ROOT,
        env: { ...process.env, ...environment, ...extra },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      await answering(name, port)
    },
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
  }
}

async function answering(name: string, port: number): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    const up = await fetch(`http://127.0.0.1:${port}/health`, { method: 'HEAD' }).then(
      () => true,
      (error: unknown) => !String(error instanceof Error ? error.cause : error).includes('ECONNREFUSED'),
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${name} did not start`)
}
