import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../../src/cli/cli.js'
import { createAuthenticator } from '../../../src/graph/auth.js'

// Each command as it is typed; what it starts is tested where that is.

const SECRET = 'a-secret-of-the-tests-0123456789-0123456789'
let folder: string
let printed: string[]
let told: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderwire-cli-'))
  printed = []
  told = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line))
  for (const name of ['JWT_SECRET', 'ENCRYPTION_KEY', 'NATS_URL', 'MONGODB_URL']) vi.stubEnv(name, '')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

/** Whom the token that was printed names. */
const bearer = () => createAuthenticator({ secret: SECRET, now: () => new Date() })(`Bearer ${printed[0]}`)

const run = (...args: readonly string[]): Promise<void> => runCli(['node', 'orderwire', ...args])

describe('orderwire token', () => {
  it('prints a token of the role, the client and the time asked for, signed with JWT_SECRET', async () => {
    vi.stubEnv('JWT_SECRET', SECRET)
    const startedAt = Date.now()
    await run('token', '--role', 'operator', '--client', 'olive-oven', '--ttl', '30m')
    const viewer = await bearer()
    expect(viewer).toMatchObject({ role: 'operator', client: 'olive-oven' })
    expect((viewer.expiresAtMs ?? 0) - startedAt).toBeGreaterThan(29 * 60_000)
    expect((viewer.expiresAtMs ?? 0) - startedAt).toBeLessThan(31 * 60_000)
  })

  it("signs with the local stack's secret where none is set", async () => {
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ jwtSecret: SECRET }))
    await run('token', '--data', folder)
    expect(await bearer()).toMatchObject({ role: 'viewer' })
  })

  it('says in one sentence what is missing or wrong, and fails', async () => {
    await run('token', '--data', folder)
    expect(told).toEqual([
      `orderwire: JWT_SECRET is not set, and there is no ${join(folder, 'secrets.json')}: run \`npm start\` once, or set JWT_SECRET`,
    ])
    expect(process.exitCode).toBe(1)
    await run('token', '--ttl', 'soon')
    expect(told[1]).toBe('orderwire: --ttl soon is not a duration such as 30m, 1h or 7d')
    expect(printed).toEqual([])
  })
})

describe('orderwire', () => {
  it.each([[['serve']], [['migrate']], [['rewind']], [['import-logs', '-']]])(
    '%s without its environment says what it needs, and fails',
    async (command) => {
      await run(...command)
      expect(told).toHaveLength(1)
      expect(told[0]).toContain('NATS_URL')
      expect(told[0]).toContain('ENCRYPTION_KEY')
      expect(process.exitCode).toBe(1)
    },
  )

  it('listen says that what it is to forward to is no URL, and fails', async () => {
    await run('listen', '--forward', 'nowhere')
    expect(told).toEqual(['orderwire: --forward nowhere is not a URL'])
    expect(process.exitCode).toBe(1)
  })
})
