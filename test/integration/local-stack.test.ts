import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from 'nats'
import { describe, expect, it } from 'vitest'
import { resolveMongo, resolveNats, ServerUnavailableError } from '../../dev/stack/resolve.js'
import { startOwnStack, until } from '../support/app.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the local stack', () => {
  it('stands twice side by side, on ports and data of its own', async () => {
    await using one = await startOwnStack()
    await using two = await startOwnStack()
    expect(new Set([one.natsUrl, two.natsUrl, one.mongoUrl, two.mongoUrl]).size).toBe(4)
    const [a, b] = await Promise.all([one, two].map(({ natsUrl }) => connect({ servers: natsUrl })))
    await (await a?.jetstreamManager())?.streams.add({ name: 'ONLY_IN_ONE', subjects: ['x'] })
    expect((await (await b?.jetstreamManager())?.streams.list().next())?.map(({ config }) => config.name)).toEqual([])
    await Promise.all([a?.close(), b?.close()])
  })

  it('keeps what JetStream acknowledged when nats-server is killed', async () => {
    await using stack = await startOwnStack()
    const first = await connect({ servers: stack.natsUrl })
    await (await first.jetstreamManager()).streams.add({ name: 'KEPT', subjects: ['kept'] })
    await first.jetstream().publish('kept', 'message')
    await first.close()
    await stack.nats?.kill('SIGKILL')
    await stack.nats?.start()
    const second = await connect({ servers: stack.natsUrl })
    expect((await (await second.jetstreamManager()).streams.info('KEPT')).state.messages).toBe(1)
    await second.close()
  })

  it('ends with the process that started it, also when that is killed with -9', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orderwire-kill-'))
    const script = join(folder, 'parent.mts')
    await writeFile(
      script,
      `import { startStack } from ${JSON.stringify(join(ROOT, 'dev/stack/stack.ts'))}
const stack = await startStack({ dataDir: ${JSON.stringify(join(folder, 'data'))}, memory: true, environment: { ...process.env, NATS_URL: '', MONGODB_URL: '' } })
console.log('pids ' + stack.nats.pid() + ' ' + stack.mongo.pid())
setInterval(() => undefined, 1000)`,
    )
    const parent = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pids = await new Promise<number[]>((resolve) => {
      parent.stdout.on('data', (chunk) => {
        const [, nats, mongo] = /pids (\d+) (\d+)/.exec(String(chunk)) ?? []
        if (nats !== undefined) resolve([Number(nats), Number(mongo)])
      })
    })
    expect(pids.every(isAlive)).toBe(true)
    parent.kill('SIGKILL')
    await until('both servers end', () => !pids.some(isAlive), 10_000)
    await rm(folder, { recursive: true, force: true })
  })

  it('names the ways out where a server cannot be had', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'orderwire-cache-'))
    const nothing = { PATH: '', ORDERWIRE_CACHE: cache }
    await writeFile(join(cache, 'mongod-download-refused'), '')
    await expect(resolveNats(nothing, () => undefined)).rejects.toThrow(
      /NATS_URL=.*nats-server on PATH.*Go.*docker compose up/,
    )
    await expect(resolveMongo(nothing, () => undefined)).rejects.toThrow(ServerUnavailableError)
    await expect(resolveMongo(nothing, () => undefined)).rejects.toThrow(/MONGODB_URL=.*mongod on PATH.*Maven/)
    await rm(cache, { recursive: true, force: true })
  })

  it('takes a server that is given by its URL', async () => {
    expect(await resolveNats({ NATS_URL: 'nats://x:1' }, () => undefined)).toMatchObject({
      kind: 'url',
      url: 'nats://x:1',
    })
  })
})
