import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../src/observability/metrics.js'
import { consumersOf, createTopology } from '../../../src/stream/topology.js'
import { documentedVariables, read, readYaml } from '../support/facts.js'
import { type Manifest, parseManifests } from '../support/manifests.js'
import { ROOT } from '../support/tools.js'

// What docs/operations tells an operator to type or look for is there: read at three in the morning, it is typed as printed.

const FOLDER = 'docs/operations'
const PAGES = readdirSync(join(ROOT, FOLDER)).map((file) => join(FOLDER, file))

const plain = parseManifests(read('deploy/k8s/base/orderwire.yaml'))
const named = (kind: string): readonly string[] => plain.filter((each) => each.kind === kind).map(nameOf)
const topology = createTopology({ prefix: '', replicas: 1 })
const buckets = [topology.configBucket, topology.alertBucket].map((bucket) => `KV_${bucket}`)
const metrics = [...(await createMetrics().expose()).text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '')
const values = readYaml('helm/orderwire/values.yaml')
const alerts = readYaml('deploy/prometheus/rules.yaml').groups.flatMap(({ rules }: { rules: { alert: string }[] }) =>
  rules.map(({ alert }) => alert),
)

/** A kind of name: how it is written (the first group is the name), and which there are. */
type Kind = { readonly written: RegExp; isThere(name: string, page: string): boolean; readonly example: string }

const among = (names: readonly string[]) => (name: string) => names.includes(name)
const KINDS: Readonly<Record<string, Kind>> = {
  metric: {
    written: /\b((?:orderwire_|webhook_requests)[a-z_]+)\b/g,
    isThere: (name) => metrics.includes(name) || metrics.includes(name.replace(/_(bucket|sum|count)$/, '')),
    example: 'orderwire_gone_total',
  },
  variable: {
    written: /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g,
    // The last is read by OpenTelemetry itself.
    isThere: among([...documentedVariables(), ...streams(), 'OTEL_RESOURCE_ATTRIBUTES']),
    example: '`GONE_URL`',
  },
  deployment: {
    written: /deploy(?:ment)?\/(orderwire[a-z-]*)/g,
    isThere: among(named('Deployment')),
    example: 'deploy/orderwire-gone',
  },
  service: {
    written: /(?:svc|service)\/(orderwire[a-z-]*)/g,
    isThere: among(named('Service')),
    example: 'svc/orderwire-gone',
  },
  label: { written: /-l (app\.[a-z./]+=[a-z-]+)/g, isThere: among(podLabels()), example: '-l app.gone/name=orderwire' },
  command: {
    written: /(?:main\.js|`orderwire|^orderwire|run --rm orderwire) ([a-z-]+)/gm,
    isThere: among(
      [...read('src/cli/cli.ts').matchAll(/\.command\('([a-z-]+)'\)/g)].map(([, command]) => command ?? ''),
    ),
    example: '`orderwire gone`',
  },
  script: {
    written: /npm run ([a-z:-]+)/g,
    isThere: (name) => name in JSON.parse(read('package.json')).scripts,
    example: 'npm run gone',
  },
  value: {
    written: /(?:--set[= ]|`)((?:[a-z][A-Za-z]*\.)+[A-Za-z]+)(?:=|: )/g,
    isThere: (path) =>
      path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], values) !== undefined,
    example: '--set roles.gone.enabled=false',
  },
  stream: {
    written: /nats (?:stream|consumer) (?:info|view|report) ([A-Z_]+)\b/g,
    isThere: among(streams()),
    example: 'nats stream info GONE',
  },
  consumer: {
    written: /nats consumer info ([A-Z]+ [a-z-]+)/g,
    isThere: among(consumersOf(topology).map(({ stream, config }) => `${stream} ${config.durable_name}`)),
    example: 'nats consumer info WEBHOOKS gone',
  },
  alert: { written: /\b(Orderwire[A-Z][A-Za-z]+)\b/g, isThere: among(alerts), example: 'OrderwireGone' },
  file: {
    written: /(?<!dist\/)((?:deploy(?!\/orderwire)|helm|scripts|src)\/[\w-]+[\w./-]*[\w/])/g,
    isThere: (path) => existsSync(join(ROOT, path)),
    example: 'helm/orderwire-gone',
  },
  link: {
    written: /\]\((?!http)([^)#]+)/g,
    isThere: (path, page) => existsSync(join(ROOT, dirname(page), path)),
    example: '[gone](gone.md)',
  },
}

function nameOf({ metadata }: Manifest): string {
  return metadata.name
}

function streams(): readonly string[] {
  return [...Object.values(topology.streams).map(({ name }) => name), ...buckets]
}

function podLabels(): readonly string[] {
  return plain.flatMap(({ spec }) =>
    Object.entries(spec?.template?.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`),
  )
}

function unknownNames({ written, isThere }: Kind, text: string, page: string): readonly string[] {
  return [...text.matchAll(written)].flatMap(([, name = '']) => (isThere(name, page) ? [] : [`${page}: ${name}`]))
}

describe('the operations guide', () => {
  it.each(Object.entries(KINDS))('names no %s that is not there, and one that is gone is noticed', (_, kind) => {
    expect(PAGES.some((page) => read(page).match(kind.written) !== null)).toBe(true)
    expect(PAGES.flatMap((page) => unknownNames(kind, read(page), page))).toEqual([])
    expect(unknownNames(kind, kind.example, join(FOLDER, 'runbook.md'))).toHaveLength(1)
  })
})
