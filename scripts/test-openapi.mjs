// `npm run test:openapi`: Schemathesis asks a running installation everything its OpenAPI document allows, and more.
// No answer may be a 500, and each must be as the document says. Needs Python 3.10; Schemathesis is installed once, into
// a folder of its own in the cache. `-- --long` asks ten times as much; `-- --short`, for `npm test`, ends within a minute.
// Ends with 77 where Schemathesis cannot be had.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'

const VERSION = '4.32.5'
const FORMS = {
  short: ['--max-examples', '5', '--max-time', '40'],
  usual: ['--max-examples', '20'],
  long: ['--max-examples', '200'],
}
const form = process.argv.includes('--long') ? 'long' : process.argv.includes('--short') ? 'short' : 'usual'
const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'
const START_MS = 120_000
/** A machine that is busy with something else is slow, and nothing is wrong with the API: what hangs is told all the same. */
const REQUEST_TIMEOUT_SECONDS = 60

bootstrap()
const tool = installed()
const folder = mkdtempSync(join(tmpdir(), 'orderwire-openapi-'))
const port = await freePort()
const orderwire = (...args) => [join(ROOT, 'bin', 'orderwire.mjs'), ...args, '--data', folder]
const app = spawn(process.execPath, orderwire('up', '--no-demo', '--port', String(port)), { stdio: 'ignore' })
let status = 1
try {
  const url = `http://127.0.0.1:${port}`
  await answering(`${url}/health`)
  const token = spawnSync(process.execPath, orderwire('token', '--role', 'admin'), { encoding: 'utf8' }).stdout.trim()
  writeFileSync(join(folder, 'schemathesis.toml'), await parametersOf(url, token))
  const args = ['run', `${url}/api/openapi.json`, '--url', url, '-H', `Authorization: Bearer ${token}`]
  const limits = ['--checks', CHECKS, '--no-color', '--seed', '1', '--request-timeout', String(REQUEST_TIMEOUT_SECONDS)]
  status = spawnSync(tool, [...args, ...limits, ...FORMS[form]], { cwd: folder, stdio: 'inherit' }).status ?? 1
} finally {
  app.kill('SIGTERM')
  await new Promise((resolve) => (app.exitCode === null ? app.once('exit', resolve) : resolve()))
  rmSync(folder, { recursive: true, force: true })
}
process.exit(status)

function installed() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const venv = join(cache, 'orderwire', `schemathesis-${VERSION}`)
  const program = join(venv, 'bin', 'schemathesis')
  if (existsSync(program)) return program
  const steps = [
    ['python3', '-m', 'venv', venv],
    [join(venv, 'bin', 'pip'), 'install', '--quiet', `schemathesis==${VERSION}`],
  ]
  for (const [command, ...args] of steps) {
    if (spawnSync(command, args, { stdio: 'inherit' }).status !== 0) {
      rmSync(venv, { recursive: true, force: true })
      console.error('Schemathesis could not be installed: Python 3.10 with venv and a package index are needed')
      process.exit(77)
    }
  }
  return program
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function answering(url) {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    const answered = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('orderwire did not start')
}

/** A client and a log that are there, so that answers about something are seen beside "there is no such thing". */
async function parametersOf(url, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = async (path, body) => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return (await fetch(`${url}${path}`, init)).json()
  }
  const registration = { clientId: 'asked', provider: 'jahez', url: 'http://127.0.0.1:9/', events: ['*'] }
  const { webhookId } = await post('/api/webhooks/register', registration)
  const { data } = await post('/graphql', { query: `mutation { sendTestEvent(webhookId: "${webhookId}") { id } }` })
  const values = { clientId: ['asked', 'nobody'], logId: [data.sendTestEvent.id, 'nobody'] }
  return `[parameters]\n${Object.entries(values)
    .map(([name, choices]) => `"path.${name}" = ${JSON.stringify(choices)}\n`)
    .join('')}`
}
