import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { freePort } from '../../dev/stack/server-process.js'
import { ROLES } from '../../src/config/config.js'
import { until } from '../support/app.js'
import { type Image, makeImage } from '../support/image.js'

// The image, as the Dockerfile describes it: only what it copies, with the dependencies it keeps, as a user that may write nothing.

let image: Image
beforeAll(() => {
  image = makeImage()
}, 180_000)
afterAll(() => rmSync(dirname(image.app), { recursive: true, force: true }))

const tag = `i${process.pid}`

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const [, ...before] = image.entrypoint
  return spawn(process.execPath, [...before, ...args], {
    cwd: image.app,
    env: {
      ...image.environment,
      JWT_SECRET: 'image-jwt-secret-0123456789-0123456789',
      ENCRYPTION_KEY: 'image-encryption-key-0123456789-01234',
      NATS_URL: inject('natsUrl'),
      MONGODB_URL: inject('mongoUrl'),
      NATS_PREFIX: tag,
      MONGODB_DATABASE: tag,
      HOST: '127.0.0.1',
      SHUTDOWN_DELAY_MS: '0',
      ...environment,
    },
    // Only root may become another user.
    ...(process.getuid?.() === 0 && { uid: image.user, gid: image.user }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe('the image', () => {
  it('runs as a user of its own, and holds neither compiler, tests nor the local stack', () => {
    expect(image.user).toBeGreaterThan(0)
    expect(existsSync(join(image.app, 'dist/src/main.js'))).toBe(true)
    for (const absent of ['node_modules/typescript', 'node_modules/vitest', 'dist/dev', 'dist/test', 'src'])
      expect([absent, existsSync(join(image.app, absent))]).toEqual([absent, false])
  })

  it.each(ROLES)('serves as %s, tells its health, and drains when asked to stop', async (role) => {
    const port = await freePort()
    const serving = start(['serve', '--role', role], { PORT: String(port) })
    let output = ''
    for (const stream of [serving.stdout, serving.stderr]) stream?.on('data', (chunk) => (output += chunk))
    const ended = once(serving, 'exit')
    try {
      await until(
        `${role} is ready`,
        async () =>
          serving.exitCode !== null ||
          (await fetch(`http://127.0.0.1:${port}/health/ready`).then(
            ({ status }) => status === 200,
            () => false,
          )),
        30_000,
      )
      expect(serving.exitCode, output).toBeNull()
      const asking = spawn(process.execPath, ['healthcheck.mjs'], { cwd: image.app, env: { PORT: String(port) } })
      expect(await once(asking, 'exit')).toEqual([0, null])
      if (role === 'graph' || role === 'all')
        expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<!doctype html>')
    } finally {
      serving.kill('SIGTERM')
    }
    expect(await ended, output).toEqual([0, null])
  })

  it('migrates, as the chart has it do before an upgrade', async () => {
    expect(await once(start(['migrate']), 'exit')).toEqual([0, null])
  })

  it('refuses a role that is none', async () => {
    const [code] = await once(start(['serve', '--role', 'worker']), 'exit')
    expect(code).not.toBe(0)
  })
})
