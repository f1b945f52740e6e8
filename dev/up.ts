import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type App, startApp } from '../src/app/app.js'
import { untilStopped } from '../src/cli/until-stopped.js'
import { readConfig } from '../src/config/config.js'
import { signToken } from '../src/graph/auth.js'
import { type ErrorReports, openErrorReports } from '../src/observability/error-reports.js'
import { createLoggers } from '../src/observability/logger.js'
import { type Demo, prepareDemo } from './demo.js'
import { type LocalStack, startStack } from './stack/stack.js'

export type UpOptions = { readonly port?: number; readonly dataDir: string; readonly demo: boolean }

const TOKEN_TTL_SECONDS = 7 * 86_400

/** `npm start`: the local stack, every role in this process, and the demo. Runs until it is told to stop, then stops all of it. */
export async function up(options: UpOptions): Promise<void> {
  const startedAt = Date.now()
  const say = (line: string): void => console.log(line)
  const stopRequested = untilStopped()
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  say('orderwire: starting the local stack')
  const parts: { stack?: LocalStack; app?: App; demo?: Demo; reports?: ErrorReports | undefined } = {}
  try {
    const stack = await startStack({ dataDir, onProgress: (line) => say(`  ${line}`) })
    parts.stack = stack
    if (options.demo) parts.demo = await prepareDemo(dataDir)
    const local = await localSecrets(dataDir)
    const { config, secrets } = readConfig(
      {
        LOG_LEVEL: 'warn',
        HOST: '127.0.0.1',
        // The demo's point of sale, and whatever a developer runs, is on this machine.
        ALLOW_PRIVATE_TARGETS: 'true',
        ...parts.demo?.environment,
        ...process.env,
        NATS_URL: stack.natsUrl,
        MONGODB_URL: stack.mongoUrl,
        JWT_SECRET: process.env['JWT_SECRET'] || local.jwtSecret,
        ENCRYPTION_KEY: process.env['ENCRYPTION_KEY'] || local.encryptionKey,
        ...(options.port !== undefined && { PORT: String(options.port) }),
      },
      'all',
    )
    parts.reports = secrets.sentryDsn === undefined ? undefined : await openErrorReports(secrets.sentryDsn, 'all')
    const loggers = createLoggers(config.logLevel, {}, { ...(parts.reports && { onError: parts.reports.report }) })
    const app = await startApp({ config, secrets, loggers })
    parts.app = app
    const url = `http://127.0.0.1:${app.port}`
    const token = await signToken(
      secrets.jwtSecret,
      { role: 'admin' },
      { ttlSeconds: TOKEN_TTL_SECONDS, now: new Date() },
    )
    await parts.demo?.start({ apiUrl: url, token })
    say(
      summary({
        url,
        token,
        stack,
        dataDir,
        ...(parts.demo && { demo: parts.demo }),
        seconds: (Date.now() - startedAt) / 1_000,
      }),
    )
    await stopRequested
    say('\norderwire: stopping')
  } finally {
    await parts.demo?.stop()
    await parts.app?.stop()
    await parts.reports?.close()
    await parts.stack?.close()
  }
  say('orderwire: stopped')
  process.exit(0)
}

type LocalSecrets = { readonly jwtSecret: string; readonly encryptionKey: string }

/** Made once and kept with the data they protect. */
async function localSecrets(dataDir: string): Promise<LocalSecrets> {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as LocalSecrets
  const made = { jwtSecret: randomBytes(32).toString('hex'), encryptionKey: randomBytes(32).toString('hex') }
  await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}

function summary(started: {
  readonly url: string
  readonly token: string
  readonly stack: LocalStack
  readonly dataDir: string
  readonly demo?: Demo
  readonly seconds: number
}): string {
  const { url, token, stack, demo } = started
  const lines = [
    '',
    `orderwire is ready after ${started.seconds.toFixed(1)} s`,
    '',
    `  Live     ${url}/#token=${token}`,
    `  GraphiQL ${url}/graphql`,
    `  REST     ${url}/api/webhooks/logs`,
    `  Ingress  ${url}/webhooks/{provider}/{clientId}`,
    `  Health   ${url}/health      Metrics ${url}/metrics`,
    '',
    ...stack.description.map((line) => `  ${line}`),
    `  Roles    ingress, processors and graph in this process (pid ${process.pid})`,
    `  Data     ${started.dataDir}`,
    ...(demo === undefined ? [] : [`  Demo     ${demo.description}`]),
    '',
    '  Admin token (7 days), for Authorization: Bearer …',
    `  ${token}`,
    '',
    '  Ctrl-C stops all of it.',
    '',
  ]
  return lines.join('\n')
}
