import { describe, expect, it } from 'vitest'
import { read, readYaml } from '../support/facts.js'
import { runTool, withFile } from '../support/run-tool.js'

const FILE = '.github/workflows/ci.yml'
const lint = (content: string) => withFile('ci.yml', content, (path) => runTool('actionlint', ['-no-color', path]))
const { jobs } = readYaml(FILE)
// biome-ignore lint/suspicious/noExplicitAny: steps as they are written
const commands: readonly string[] = Object.values<any>(jobs).flatMap(({ steps }) =>
  steps.flatMap(({ run }: { run?: string }) => run ?? []),
)

describe('the workflow', () => {
  it('passes actionlint', () => {
    expect(lint(read(FILE))).toEqual({ ok: true, output: '' })
  })

  it.each([
    ['a field that is none', 'timeout-minutes: 60', 'time-out-minutes: 60'],
    ['a job that is none', 'needs: image', 'needs: images'],
    ['a property that is none', 'github.ref_name', 'github.reference'],
  ])('would not with %s', (_, right, wrong) => {
    expect(read(FILE)).toContain(right)
    expect(lint(read(FILE).replace(right, wrong)).ok).toBe(false)
  })

  it('runs only npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const used = commands.flatMap((command) =>
      [...command.matchAll(/\bnpm (?:run )?([\w:]+)/g)].map(([, name]) => name ?? ''),
    )
    expect(used.length).toBeGreaterThan(1)
    for (const name of used) expect([name, name in scripts]).toEqual([name, true])
  })

  it('tests on every Node that is supported, and on the servers that compose runs', () => {
    expect(jobs.test.strategy.matrix.node).toEqual([20, 22])
    const { services } = readYaml('docker-compose.yml')
    expect(commands.join('\n')).toContain(` ${services.nats.image} `)
    expect(jobs.test.services.mongo.image.split('.')[0]).toBe(services.mongo.image.split('.')[0])
  })
})
