import { describe, expect, it } from 'vitest'
import { environmentSchema, ROLES } from '../../../src/config/config.js'
import { read, readYaml } from '../support/facts.js'
import { runTool, withFile } from '../support/run-tool.js'

const compose = read('docker-compose.yml')
const { services } = readYaml('docker-compose.yml')
const load = (content: string) =>
  withFile('docker-compose.yml', content, (path) =>
    // The command knows no environment of its own to fill in.
    runTool('compose', ['-no-interpolation', '-format=json', path]),
  )
// biome-ignore lint/suspicious/noExplicitAny: a service as it is written
const ours = Object.entries<any>(services).filter(([, { command }]) => command?.[0] === 'serve')

describe('docker-compose.yml', () => {
  it('fits the Compose Specification', () => {
    expect(load(compose)).toMatchObject({ ok: true })
  })

  it.each([
    ['a field that is none', compose.replace('read_only: true', 'readonly: true')],
    ['a value of the wrong kind', compose.replace('ports: ["127.0.0.1:9090:9090"]', 'ports: 9090')],
  ])('would not with %s', (_, broken) => {
    expect(broken).not.toBe(compose)
    expect(load(broken).ok).toBe(false)
  })

  it('says in a sentence that secrets are needed', () => {
    for (const [, { environment }] of ours)
      for (const name of ['JWT_SECRET', 'ENCRYPTION_KEY'])
        expect(environment[name]).toMatch(/^\$\{[A-Z_]+:\?is required, at least 32 characters; .+\}$/)
  })

  it('runs every role, each under its own name', () => {
    const roles = ours.map(([name, { command }]) => [name === 'orderwire' ? 'all' : name, command[2]])
    expect(roles.map(([, role]) => role).sort()).toEqual([...ROLES].sort())
    for (const [name, role] of roles) expect(name).toBe(role)
  })

  it('sets only variables that are read', () => {
    for (const [, { environment }] of ours)
      for (const name of Object.keys(environment)) expect(Object.keys(environmentSchema.shape)).toContain(name)
  })

  it('gives every role a read-only root and time to drain', () => {
    for (const [, service] of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
      const delayMs = Number(service.environment.SHUTDOWN_DELAY_MS)
      expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(10 + delayMs / 1_000)
    }
  })

  it('runs the nats-server that the tests run on, which acknowledges what is fsynced', () => {
    const [, version] = /nats-server\/v2 v(\S+)/.exec(read('tools/go.mod')) ?? []
    expect(services.nats.image).toBe(`nats:${version}-alpine`)
    expect(read('deploy/nats/nats.conf')).toMatch(/^ {2}sync_interval: always$/m)
  })
})
