import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments, stringify } from 'yaml'
import { ROOT } from './tools.js'

/** A Kubernetes object as it is written. */
export type Manifest = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, read field by field by checks that fail where one is missing
  readonly [field: string]: any
}

export function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]
    // An empty document is a template that rendered to nothing. The API's own schemas check the rest.
    const value = document.toJS() as Manifest | null
    return value === null ? [] : [value]
  })
}

export type RenderOptions = {
  readonly values?: readonly string[]
  readonly set?: readonly string[]
  readonly chart?: string
}

/** What the chart makes of values, hooks included. Throws with helm's own words where it refuses. */
export function renderChart(helm: string, options: RenderOptions = {}): readonly Manifest[] {
  const args = [
    'template',
    'orderwire',
    options.chart ?? join(ROOT, 'helm/orderwire'),
    '--namespace=orderwire',
    ...(options.values ?? []).map((file) => `--values=${file}`),
    ...(options.set ?? []).map((pair) => `--set=${pair}`),
  ]
  return parseManifests(execFileSync(helm, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** Overlays of deploy/k8s, each one of the chart's examples. */
export const OVERLAYS: readonly string[] = ['small', 'high-availability', 'external-services']

/** Plain manifests cannot make secrets: theirs is `orderwire-secrets`, and hooks are Helm's. */
const PLAIN = ['secrets.existingSecret=orderwire-secrets', 'migrations.enabled=false']
const HEADER =
  '# Rendered from helm/orderwire by `npm run manifests`; a check keeps it in step. Change the chart, not this file.\n'

/** deploy/k8s as the chart has it: path → content. */
export function plainManifests(helm: string): ReadonlyMap<string, string> {
  const base = renderPlain(helm)
  const files = new Map([['base/orderwire.yaml', HEADER + write(base)]])
  for (const name of OVERLAYS) {
    const wanted = renderPlain(helm, [join(ROOT, `helm/orderwire/examples/${name}.yaml`)])
    const added = wanted.filter((each) => find(base, each) === undefined)
    const changed = wanted.filter((each) => {
      const before = find(base, each)
      return before !== undefined && !isDeepStrictEqual(before, each)
    })
    const removed = base.filter((each) => find(wanted, each) === undefined)
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['../../base', ...(added.length > 0 ? ['added.yaml'] : [])],
      patches: [...changed.map(replaceSpec), ...removed.map(remove)],
    }
    if (added.length > 0) files.set(`overlays/${name}/added.yaml`, HEADER + write(added))
    files.set(`overlays/${name}/kustomization.yaml`, HEADER + stringify(kustomization, { lineWidth: 0 }))
  }
  return files
}

/** What the chart renders for those who use no Helm. */
export function renderPlain(helm: string, values: readonly string[] = []): readonly Manifest[] {
  return renderChart(helm, { values, set: PLAIN })
    .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined)
    .map(withoutHelm)
}

/** Nobody manages these with Helm: its labels would be untrue. */
function withoutHelm(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest), (key, value) =>
    key === 'helm.sh/chart' || key === 'app.kubernetes.io/managed-by' || key === 'checksum/secret' ? undefined : value,
  )
}

export function isSame(one: Manifest, other: Manifest): boolean {
  return one.kind === other.kind && one.metadata.name === other.metadata.name
}

function find(manifests: readonly Manifest[], wanted: Manifest): Manifest | undefined {
  return manifests.find((each) => isSame(each, wanted))
}

function write(manifests: readonly Manifest[]): string {
  return manifests.map((each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')
}

function replaceSpec({ kind, metadata, ...rest }: Manifest): object {
  const patch = [{ op: 'replace', path: '/spec', value: rest['spec'] }]
  return {
    target: { kind, name: metadata.name },
    patch: stringify(patch, { lineWidth: 0, aliasDuplicateObjects: false }),
  }
}

function remove({ apiVersion, kind, metadata: { name } }: Manifest): object {
  return { target: { kind, name }, patch: stringify({ $patch: 'delete', apiVersion, kind, metadata: { name } }) }
}
