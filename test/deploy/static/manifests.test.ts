import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { read, workloadFaults } from '../support/facts.js'
import { parseManifests } from '../support/manifests.js'
import { conform } from '../support/run-tool.js'
import { KUBERNETES_VERSIONS, ROOT } from '../support/tools.js'

const files = readdirSync(join(ROOT, 'deploy/k8s'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
  .map((file) => `deploy/k8s/${file}`)
const base = read('deploy/k8s/base/orderwire.yaml')

describe('the plain manifests', () => {
  it.each(files)('%s fits every Kubernetes version we support', (file) => {
    const content = read(file)
    const { ok, valid, output } = conform(content)
    expect(ok, output).toBe(true)
    // A file that is not looked at is "valid" too.
    expect(valid).toBe(parseManifests(content).length * KUBERNETES_VERSIONS.length)
  })

  it.each([
    ['a field that is none', 'readinessProbe:', 'readynessProbe:'],
    ['a value of the wrong kind', 'containerPort: 4001', 'containerPort: http'],
    ['a kind that is none', 'kind: Deployment', 'kind: Deploymint'],
  ])('would not with %s', (_, right, wrong) => {
    const broken = base.replace(right, wrong)
    expect(broken).not.toBe(base)
    expect(conform(broken).ok).toBe(false)
  })

  it('run the roles as the program has them, probed, drained and restricted', () => {
    for (const file of files) expect(workloadFaults(parseManifests(read(file)))).toEqual([])
  })

  it.each([
    ['a probe of another path', '/health/ready', '/healthz', /readinessProbe asks \/healthz/],
    ['a role that is none', '- ingress\n', '- ingres\n', /not role ingress/],
    [
      'a grace period too short',
      /terminationGracePeriodSeconds: \d+/,
      'terminationGracePeriodSeconds: 5',
      /killed before/,
    ],
    ['a writable root', 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false', /may write/],
    ['a variable that nothing reads', 'name: LOG_LEVEL', 'name: LOGLEVEL', /LOGLEVEL, which nothing reads/],
  ])('would be told of %s', (_, right, wrong, fault) => {
    const broken = base.replace(right, wrong)
    expect(broken).not.toBe(base)
    expect(workloadFaults(parseManifests(broken)).join('\n')).toMatch(fault)
  })
})
