import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { until } from '../../support/app.js'
import { type Cluster, NODES, startCluster } from '../support/cluster.js'
import { CLUSTER_CRDS } from '../support/crds.js'
import { type Manifest, OVERLAYS } from '../support/manifests.js'
import { ROOT } from '../support/tools.js'

// The chart on a real API server whose namespaces enforce the restricted Pod Security profile, with the definitions of
// KEDA and the Prometheus operator and nothing else.

const CHART = join(ROOT, 'helm/orderwire')
const WAIT = ['--wait', '--timeout=180s']
const READY_MS = 120_000
/** Not an autoscaler that finds no metrics: nobody measures what kwok plays. */
const REFUSALS = /^(FailedCreate|FailedScheduling|BackoffLimitExceeded|.*Forbidden)$/
const TEST_POD = 'orderwire-test'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster(inject('tools'))
  for (const file of CLUSTER_CRDS)
    cluster.run('kubectl', ['apply', '--server-side', '-f', join(inject('tools')['crds'] ?? '', file)])
}, 300_000)
afterAll(() => cluster.close())

/** A namespace of an example's own, that refuses what the restricted profile does. */
function makeNamespace(name: string): void {
  cluster.run('kubectl', ['create', 'namespace', name])
  cluster.run('kubectl', ['label', 'namespace', name, 'pod-security.kubernetes.io/enforce=restricted'])
  const secrets = ['JWT_SECRET', 'ENCRYPTION_KEY', 'NATS_URL', 'MONGODB_URL'].map((key) => `--from-literal=${key}=x`)
  // The one that `external-services` names as its own.
  cluster.run('kubectl', ['-n', name, 'create', 'secret', 'generic', 'orderwire-secrets', ...secrets])
}

function helm(namespace: string, args: readonly string[]): string {
  return cluster.run('helm', [...args, '--namespace', namespace])
}

/** What went wrong, as an operator would see it: pods that were refused, hooks that failed. */
function warnings(namespace: string): readonly string[] {
  return cluster
    .list('events', namespace)
    .filter((event) => event['type'] === 'Warning' && REFUSALS.test(event['reason']))
    .map((event) => `${event['reason']}: ${event['message']}`)
}

const deployments = (namespace: string): readonly Manifest[] => cluster.list('deployments', namespace)
const podsOf = (namespace: string): readonly Manifest[] =>
  cluster.list('pods', namespace).filter(({ metadata }) => !('deletionTimestamp' in metadata))
const isWhole = (namespace: string): boolean =>
  deployments(namespace).every(({ spec, status }: Manifest) => status.availableReplicas === spec.replicas)

const variable = (namespace: string, name: string): readonly string[] =>
  deployments(namespace).map(
    ({ spec }: Manifest) =>
      spec.template.spec.containers[0].env.find((each: { name: string }) => each.name === name)?.value,
  )

/** Empties a node, and tells the fewest pods of each role that were available meanwhile. */
async function drain(namespace: string, node: string): Promise<ReadonlyMap<string, number>> {
  const fewest = new Map<string, number>()
  const draining = cluster.start('kubectl', ['drain', node, '--ignore-daemonsets', '--timeout=120s'])
  const state = { isOver: false }
  void draining.finally(() => {
    state.isOver = true
  })
  await until(
    `${node} is drained`,
    () => {
      for (const { metadata, status } of deployments(namespace))
        fewest.set(metadata.name, Math.min(fewest.get(metadata.name) ?? 99, status.availableReplicas ?? 0))
      return state.isOver
    },
    READY_MS,
  )
  const { ok, output } = await draining
  expect(ok, output).toBe(true)
  return fewest
}

describe('the cluster', () => {
  it('refuses what the restricted profile does', () => {
    makeNamespace('refusing')
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root', namespace: 'refusing' },
      spec: { containers: [{ name: 'root', image: 'busybox' }] },
    }
    expect(() => cluster.run('kubectl', ['apply', '-f', '-'], JSON.stringify(pod))).toThrow(
      /violates PodSecurity "restricted/,
    )
  })
})

describe.each(OVERLAYS)('the example %s', (example) => {
  const values = join(CHART, 'examples', `${example}.yaml`)
  const more = (pairs: readonly string[]): string[] => pairs.map((pair) => `--set=${pair}`)

  it('installs with every pod admitted and ready, and its hook run', () => {
    makeNamespace(example)
    helm(example, ['install', 'orderwire', CHART, '--values', values, ...WAIT])
    expect(deployments(example).length).toBeGreaterThan(0)
    expect(isWhole(example)).toBe(true)
    expect(warnings(example)).toEqual([])
    // Succeeded, so it is gone.
    expect(cluster.list('jobs', example)).toEqual([])
  })

  it('passes its own test', async () => {
    const testing = cluster.start('helm', ['test', 'orderwire', '--namespace', example, '--timeout=120s'])
    const isThere = (): boolean => cluster.list('pods', example).some(({ metadata }) => metadata.name === TEST_POD)
    const running = until('the test runs', isThere, READY_MS).then(() => {
      // kwok runs nothing: what the program would say is said for it.
      const done = JSON.stringify({ status: { phase: 'Succeeded' } })
      const patch = ['--subresource=status', '--type=merge', '-p', done]
      cluster.run('kubectl', ['-n', example, 'patch', 'pod', TEST_POD, ...patch])
    })
    const { ok, output } = await Promise.race([testing, running.then(() => testing)])
    expect(ok, output).toBe(true)
  })

  it('upgrades and rolls back, with every pod replaced', () => {
    const before = podsOf(example).map(({ metadata }) => metadata.name)
    helm(example, ['upgrade', 'orderwire', CHART, '--values', values, ...more(['config.LOG_LEVEL=debug']), ...WAIT])
    expect(new Set(variable(example, 'LOG_LEVEL'))).toEqual(new Set(['debug']))
    expect(podsOf(example).filter(({ metadata }) => before.includes(metadata.name))).toEqual([])
    helm(example, ['rollback', 'orderwire', ...WAIT])
    expect(new Set(variable(example, 'LOG_LEVEL'))).toEqual(new Set(['info']))
    expect(isWhole(example)).toBe(true)
    expect(warnings(example)).toEqual([])
  })

  it('stays up while one node after the other is drained', async () => {
    expect(deployments(example).length).toBeGreaterThan(0)
    for (const node of NODES) {
      const fewest = await drain(example, node)
      // One of a role may be away, where it has more than one.
      for (const { metadata, spec } of deployments(example))
        expect([metadata.name, fewest.get(metadata.name)]).toEqual([
          metadata.name,
          expect.toSatisfy((least: number) => least >= spec.replicas - 1),
        ])
      await until('every pod has found another node', () => isWhole(example), READY_MS)
      expect(podsOf(example).filter(({ spec }: Manifest) => spec.nodeName === node)).toEqual([])
      cluster.run('kubectl', ['uncordon', node])
    }
  })

  it('leaves nothing but the key when it is uninstalled, and takes it up again', () => {
    const keyOf = (): string | undefined =>
      cluster.list('secrets', example).find(({ metadata }) => metadata.name === 'orderwire')?.['data'].ENCRYPTION_KEY
    const key = keyOf()
    helm(example, ['uninstall', 'orderwire', ...WAIT])
    const kinds = cluster
      .run('kubectl', ['api-resources', '--namespaced', '--verbs=list', '-o', 'name'])
      .split('\n')
      .filter((kind) => kind !== '' && !kind.startsWith('events'))
    const left = kinds.flatMap((kind) =>
      cluster.list(kind, example).map(({ kind: what, metadata }) => `${what} ${metadata.name}`),
    )
    const ours = left.filter((each) => /orderwire/.test(each) && each !== 'Secret orderwire-secrets')
    expect(ours).toEqual(key === undefined ? [] : ['Secret orderwire'])
    helm(example, ['install', 'orderwire', CHART, '--values', values, ...WAIT])
    expect(keyOf()).toBe(key)
    helm(example, ['uninstall', 'orderwire', ...WAIT])
  })
})
