import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { withMapping } from '../../../dev/providers/docs.js'
import { conformance } from '../../support/provider-conformance.js'

// The generator runs in a copy of what it touches, and the conformance suite on the provider it made.

const NAME = 'sample-eats'
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const REGISTRY = 'src/providers/registry.ts'
const copy = mkdtempSync(join(tmpdir(), 'orderwire-new-provider-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

for (const part of ['package.json', 'tsconfig.json', 'scripts', 'src', 'dev/providers', 'docs/providers'])
  cpSync(join(ROOT, part), join(copy, part), { recursive: true })
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))

const generate = (...names: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/new-provider.mjs', ...names], { cwd: copy, encoding: 'utf8' })
const read = (file: string, root = copy): string => readFileSync(join(root, file), 'utf8')

const made = generate(NAME)
if (made.status !== 0) throw new Error(`The generator failed: ${made.stdout}${made.stderr}`)
// The copy's own module, of the same type as ours.
const module = (await import(join(copy, REGISTRY))) as typeof import('../../../src/providers/registry.js')
const adapter = module.createProviderRegistry().find(NAME, 'live')
if (adapter === undefined) throw new Error(`The registry of ${copy} has no ${NAME}`)

conformance(adapter, join(copy, 'test/fixtures'))

describe('npm run new-provider', () => {
  it('writes a table of at most 150 lines', () => {
    expect(read(`src/providers/${NAME}/live.ts`).split('\n').length).toBeLessThanOrEqual(150)
  })

  it('adds one import and one line to the registry, and changes nothing else there', () => {
    const before = read(REGISTRY, ROOT).split('\n')
    const after = read(REGISTRY).split('\n')
    const added = after.filter((line) => !before.includes(line))
    expect(added).toEqual(["import { sampleEatsLive } from './sample-eats/live.js'", '  sampleEatsLive,'])
    expect(after.filter((line) => !added.includes(line))).toEqual(before)
  })

  it('writes a page with its mapping, its profile and its header', () => {
    const page = read(`docs/providers/${NAME}.md`)
    expect(withMapping(page, [adapter.table])).toBe(page)
    expect(page).toContain('`live`')
    expect(page).toContain('X-Sample-Eats-Signature')
    expect(page).not.toContain('__')
  })

  it.each([[NAME], ['careem'], ['map'], ['Upper'], ['two', 'names'], ['../outside'], ['']])(
    'refuses %s and writes nothing',
    (...names) => {
      const before = read(REGISTRY)
      const { status, stderr } = generate(...names)
      expect(status).toBe(1)
      expect(stderr).toMatch(/exists already|Usage/)
      expect(read(REGISTRY)).toBe(before)
    },
  )
})
