import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { connect } from 'nats'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { freePort } from '../../dev/stack/server-process.js'
import { until } from '../support/app.js'
import { ended, startServe } from '../support/child.js'

// SENTRY_DSN in the processes as they run in production, by a server that takes what Sentry's would.

const prefix = `t${randomBytes(6).toString('hex')}`
const reports: string[] = []
let sentry: Server
let environment: Record<string, string>
const children: ChildProcess[] = []
beforeAll(async () => {
  sentry = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      reports.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => sentry.listen(0, '127.0.0.1', resolve))
  const { port } = sentry.address() as AddressInfo
  environment = {
    JWT_SECRET: 'test-jwt-secret-0123456789-0123456789',
    ENCRYPTION_KEY: 'test-encryption-key-0123456789-012345',
    NATS_URL: inject('natsUrl'),
    NATS_PREFIX: prefix,
    MONGODB_URL: inject('mongoUrl'),
    MONGODB_DATABASE: prefix,
    HOST: '127.0.0.1',
    SENTRY_DSN: `http://key@127.0.0.1:${port}/1`,
  }
  // A client's record that nobody can read: an error in every role.
  const nats = await connect({ servers: inject('natsUrl') })
  await (await nats.jetstream().views.kv(`${prefix}_CONFIG`)).put('broken', 'no record of ours')
  await nats.close()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(children.map(ended))
  sentry.close()
})

const told = (role: string, message: string): boolean =>
  reports.some((report) => report.includes(`"role":"${role}"`) && report.includes(message))

describe('errors are reported by', () => {
  it.each(['ingress', 'processors', 'graph'])('%s', async (role) => {
    children.push(await startServe({ ...environment, PORT: String(await freePort()) }, role))
    await until('its report', () => told(role, 'a client record cannot be read'))
    expect(reports.join('\n')).not.toContain(environment['ENCRYPTION_KEY'])
  })

  it('migrate, which ends with one: it is sent before the process ends', async () => {
    const migrate = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'migrate'], {
      env: { ...process.env, ...environment, MONGODB_URL: 'mongodb://127.0.0.1:9/x' },
      stdio: 'ignore',
    })
    await ended(migrate)
    expect(migrate.exitCode).toBe(1)
    expect(told('migrate', 'the process cannot go on')).toBe(true)
  })
})
