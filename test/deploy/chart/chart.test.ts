import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { stringify } from 'yaml'
import { consumersOf, createTopology } from '../../../src/stream/topology.js'
import { scalerMetadata } from '../support/crds.js'
import { read, readYaml, workloadFaults } from '../support/facts.js'
import {
  isSame,
  type Manifest,
  OVERLAYS,
  parseManifests,
  plainManifests,
  renderChart,
  renderPlain,
} from '../support/manifests.js'
import { conform, runTool, toolPath, withFile } from '../support/run-tool.js'
import { KUBERNETES_VERSIONS, ROOT } from '../support/tools.js'

const CHART = join(ROOT, 'helm/orderwire')
const examples = readdirSync(join(CHART, 'examples')).map((file) => join(CHART, 'examples', file))
const text = (manifests: readonly Manifest[]) =>
  manifests.map((each) => stringify(each, { aliasDuplicateObjects: false })).join('---\n')

/** kube-score's questions that are answered otherwise here, and why. */
const NOT_ASKED = [
  // Readiness and liveness ask different paths for a reason; kube-score compares only the ports.
  'pod-probes-identical',
  // A release is a pinned tag or digest: pulling it again gives the same.
  'container-image-pull-policy',
  // Nothing is written: the root file system is read-only and no volume is mounted.
  'container-ephemeral-storage-request-and-limit',
  // Topology spread does it, and also where there is only one node.
  'deployment-has-host-podantiaffinity',
  // Who may reach the test's Pod and the migration's is nobody's business: they listen on nothing.
  'pod-networkpolicy',
]

/** The durable consumers of the program that have work for more processes: stream and name. Notices are told one at a time. */
function workingConsumers(prefix: string): readonly string[] {
  const topology = createTopology({ prefix, replicas: 1 })
  return consumersOf(topology)
    .filter((consumer) => consumer !== topology.consumers.notices)
    .map(({ stream, config }) => `${stream} ${config.durable_name}`)
}

describe('the chart', () => {
  it.each(['', ...examples])('passes helm lint --strict with %s', (file) => {
    const { ok, output } = runTool('helm', [
      'lint',
      '--strict',
      '--quiet',
      ...(file ? [`--values=${file}`] : []),
      CHART,
    ])
    expect(ok, output).toBe(true)
  })

  it('passes its unit tests', () => {
    const { ok, output } = runTool('helm-unittest', [CHART])
    expect(ok, output).toBe(true)
    expect(output).toMatch(/Tests: +1\d passed/)
  })

  it.each(['', ...examples])('renders what Kubernetes takes, restricted, probed and drained, with %s', (file) => {
    const manifests = renderChart(toolPath('helm'), { values: file ? [file] : [] })
    const { ok, valid, output } = conform(text(manifests))
    expect(ok, output).toBe(true)
    expect(valid).toBe(manifests.length * KUBERNETES_VERSIONS.length)
    expect(workloadFaults(manifests)).toEqual([])
  })

  it('renders what the Gateway API takes', () => {
    const set = ['gateway.enabled=true', 'gateway.parentRefs[0].name=public', 'gateway.hostnames[0]=hooks.example.com']
    const routes = renderChart(toolPath('helm'), { set }).filter(({ kind }) => kind === 'HTTPRoute')
    expect(conform(text(routes))).toMatchObject({ ok: true, valid: KUBERNETES_VERSIONS.length })
  })

  it.each(examples)('passes kube-score with %s', (file) => {
    const manifests = text(renderChart(toolPath('helm'), { values: [file] }).filter(({ kind }) => kind !== 'Pod'))
    const score = withFile('manifests.yaml', manifests, (path) =>
      runTool('kube-score', [
        'score',
        '--output-format=ci',
        // A limit on CPU throttles ingress in its peak; requests share the CPU fairly.
        '--ignore-container-cpu-limit',
        ...NOT_ASKED.map((name) => `--ignore-test=${name}`),
        path,
      ]),
    )
    expect(score.output.split('\n').filter((line) => line.startsWith('[CRITICAL]'))).toEqual([])
    expect(score.output).toContain('[OK]')
  })

  it.each([
    ['roles.ingress.replicas=two', "at '/roles/ingress/replicas': got string, want integer"],
    ['config.NATS_REPLICAS=2', "at '/config/NATS_REPLICAS': value must be one of 1, 3, 5"],
    ['config.LOGLEVEL=info', "additional properties 'LOGLEVEL' not allowed"],
    ['roles.ingres.replicas=2', "additional properties 'ingres' not allowed"],
    ['nats.url=http://nats', "at '/nats/url'"],
    ['secrets.jwtSecret=short', "at '/secrets/jwtSecret'"],
    ['roles.all.enabled=true', 'roles.all does the work of'],
  ])('refuses %s with a sentence', (pair, sentence) => {
    expect(() => renderChart(toolPath('helm'), { set: [pair] })).toThrow(sentence)
  })

  it("tells KEDA's scaler what it reads, and nothing else", () => {
    const known = scalerMetadata(inject('tools')['crds'] ?? '')
    const scaled = renderChart(toolPath('helm'), { set: ['roles.processors.autoscaling.enabled=true'] })
    const triggers = scaled.find(({ kind }) => kind === 'ScaledObject')?.['spec'].triggers
    expect(triggers).toHaveLength(workingConsumers('').length)
    expect([...known.values()].filter(Boolean).length).toBeGreaterThan(2)
    for (const { metadata } of triggers) {
      expect(Object.keys(metadata).filter((name) => !known.has(name))).toEqual([])
      expect([...known].filter(([name, isNeeded]) => isNeeded && !(name in metadata))).toEqual([])
    }
  })

  it.each(['', 'east'])('scales processors by the consumers they work on, with NATS_PREFIX "%s"', (prefix) => {
    const set = ['roles.processors.autoscaling.enabled=true', `config.NATS_PREFIX=${prefix}`]
    const scaled = renderChart(toolPath('helm'), { set }).find(({ kind }) => kind === 'ScaledObject')
    const asked = scaled?.['spec'].triggers.map(
      ({ metadata }: { metadata: { stream: string; consumer: string } }) => `${metadata.stream} ${metadata.consumer}`,
    )
    expect(asked).toEqual(workingConsumers(prefix))
  })

  it('needs no other chart', () => {
    expect(readYaml('helm/orderwire/Chart.yaml').dependencies).toBeUndefined()
  })

  it('has the version of the program', () => {
    const { version } = JSON.parse(read('package.json'))
    expect(readYaml('helm/orderwire/Chart.yaml')).toMatchObject({ version, appVersion: version })
  })

  it('fills the values of orderwire in the chart that bundles NATS and MongoDB', () => {
    const values = stringify(readYaml('helm/orderwire-bundled/values.yaml').orderwire)
    expect(
      withFile('values.yaml', values, (path) => renderChart(toolPath('helm'), { values: [path] })).length,
    ).toBeGreaterThan(5)
    expect(readYaml('helm/orderwire-bundled/values.yaml').nats.config.jetstream.merge).toMatchObject({
      sync_interval: 'always',
    })
  })
})

describe('the plain manifests', () => {
  it('are what the chart renders', () => {
    for (const [file, content] of plainManifests(toolPath('helm')))
      expect([file, readFileSync(join(ROOT, 'deploy/k8s', file), 'utf8') === content]).toEqual([file, true])
  })

  it.each(OVERLAYS)('of overlay %s are the example of the same name', (name) => {
    const { ok, output } = runTool('kustomize', ['build', `deploy/k8s/overlays/${name}`])
    expect(ok, output).toBe(true)
    const built = parseManifests(output).filter(({ kind }) => kind !== 'Namespace')
    const wanted = renderPlain(toolPath('helm'), [join(CHART, 'examples', `${name}.yaml`)])
    expect(built.length).toBe(wanted.length)
    for (const each of wanted) expect(built.find((other) => isSame(each, other))).toEqual(each)
  })
})

describe('a chart with a fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderwire-chart-'))
  const broken = (template: string, right: string, wrong: string): string => {
    const chart = join(folder, 'orderwire')
    rmSync(chart, { recursive: true, force: true })
    cpSync(CHART, chart, { recursive: true, dereference: true })
    const file = join(chart, template)
    const content = readFileSync(file, 'utf8')
    expect(content).toContain(right)
    writeFileSync(file, content.replace(right, wrong))
    return chart
  }
  beforeAll(() => expect(renderChart(toolPath('helm')).length).toBeGreaterThan(0))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['a field that is none', 'templates/deployments.yaml', 'imagePullPolicy:', 'imagePullPolice:'],
    ['a value of the wrong kind', 'templates/services.yaml', 'port: {{ $.Values.service.port }}', 'port: web'],
    ['a field that KEDA has not', 'templates/autoscalers.yaml', 'pollingInterval:', 'pollInterval:'],
    ['a field that the Prometheus operator has not', 'templates/monitoring.yaml', 'interval:', 'intervall:'],
    [
      'a value that the Prometheus operator refuses',
      'templates/monitoring.yaml',
      'interval: {{ .interval }}',
      'interval: half an hour',
    ],
  ])('does not fit Kubernetes: %s', (_, template, right, wrong) => {
    const chart = broken(template, right, wrong)
    expect(
      conform(text(renderChart(toolPath('helm'), { chart, values: [join(CHART, 'examples/high-availability.yaml')] })))
        .ok,
    ).toBe(false)
  })

  it.each([
    ['a probe', 'path: /health/ready', 'path: /ready', /readinessProbe asks \/ready/],
    [
      'a role name',
      'args: [serve, --role, {{ $role }}]',
      'args: [serve, --role, worker]',
      /runs "serve --role worker"/,
    ],
    [
      'the grace period',
      'terminationGracePeriodSeconds: {{ include "orderwire.gracePeriodSeconds" $ }}',
      'terminationGracePeriodSeconds: 10',
      /killed before it has drained/,
    ],
  ])('is told: %s', (_, right, wrong, fault) => {
    const chart = broken('templates/deployments.yaml', right, wrong)
    expect(workloadFaults(renderChart(toolPath('helm'), { chart })).join('\n')).toMatch(fault)
  })
})
