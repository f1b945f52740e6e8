import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startTestApp } from '../support/app.js'

const row = (id: string, active: boolean) => ({
  id,
  client_id: 'from-postgresql',
  provider: 'talabat',
  url: 'https://pos.example.com/hook',
  events: ['*'],
  secret_key: `secret-of-${id}-0123456789`,
  is_active: active,
  created_at: '2025-01-01T00:00:00Z',
  updated_at: '2025-01-01T00:00:00Z',
})

it('registers the active webhooks of the earlier system once, with the secrets they have, however often it runs', async () => {
  const app = await startTestApp({ role: 'graph' })
  const folder = await mkdtemp(join(tmpdir(), 'orderwire-import-'))
  try {
    const file = join(folder, 'webhooks.jsonl')
    await writeFile(file, [row('5b1c', true), row('77ae', false)].map((each) => `${JSON.stringify(each)}\n`).join(''))
    const run = async () =>
      promisify(execFile)(process.execPath, [
        'scripts/import-postgresql.mjs',
        file,
        '--url',
        app.url,
        '--token',
        await app.token(),
      ])
    const first = await run()
    const second = await run()
    expect(first.stderr).toContain('1 registered, 1 inactive left out, 0 failed')
    expect(second.stderr).toContain('1 registered, 1 inactive left out, 0 failed')
    const imported = JSON.parse(first.stdout)
    expect(imported).toMatchObject({ from: '5b1c', secretKey: 'secret-of-5b1c-0123456789' })
    expect(JSON.parse(second.stdout).webhookId).toBe(imported.webhookId)
  } finally {
    await app.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
