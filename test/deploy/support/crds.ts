import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { built, cacheFolder, type Progress } from '../../../dev/stack/cache.js'
import { orSentence } from './tools.js'

/** KEDA's definition takes any metadata of a trigger; this is what the scaler that we use reads. */
export const SCALER = 'nats_jetstream_scaler.go'

/** Where others' kinds are defined: their makers' own files, in Go modules that the proxy serves. */
const SOURCES = [
  {
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    sum: 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=',
    files: ['config/crd/bases/keda.sh_scaledobjects.yaml', 'pkg/scalers/nats_jetstream_scaler.go'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    files: ['servicemonitors', 'prometheusrules'].map(
      (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
    ),
  },
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.0',
    sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
    files: ['config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
  },
  {
    module: 'sigs.k8s.io/kwok@v0.8.0',
    sum: 'h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=',
    files: [
      'node/fast/node-initialize',
      'node/heartbeat-with-lease/node-heartbeat-with-lease',
      'pod/fast/pod-ready',
      'pod/fast/pod-complete',
      'pod/fast/pod-delete',
    ].map((stage) => `kustomize/stage/${stage}.yaml`),
  },
] as const

/** What kwok's nodes and pods go through. */
export const STAGES: readonly string[] = SOURCES[3].files.map((file) => basename(file))

/** What the chart may need in a cluster beside Kubernetes; the Gateway API only where a value asks for it. */
export const CLUSTER_CRDS: readonly string[] = [
  'keda.sh_scaledobjects.yaml',
  'monitoring.coreos.com_servicemonitors.yaml',
  'monitoring.coreos.com_prometheusrules.yaml',
]

/** The metadata that KEDA's JetStream scaler knows: name → whether it must be there. */
export function scalerMetadata(folder: string): ReadonlyMap<string, boolean> {
  const tags = readFileSync(join(folder, SCALER), 'utf8').matchAll(/`keda:"name=(\w+),([^"]+)"`/g)
  return new Map([...tags].map(([, name = '', rest = '']) => [name, !/optional|default=/.test(rest)]))
}

/** Raised when what is made of the definitions changes. */
const PREPARATION = 1

/** A folder with the definitions, and below `schemas/` a JSON schema of each, `{kind}.json`, that knows no other field. */
export function customResources(onProgress: Progress): Promise<string> {
  const fingerprint = createHash('sha256').update(JSON.stringify(SOURCES)).digest('hex').slice(0, 12)
  const build = async (folder: string): Promise<void> => {
    mkdirSync(join(folder, 'schemas'))
    for (const { module, sum, files } of SOURCES) {
      onProgress(`fetching ${module} from Go's module proxy (once) …`)
      const from = download(module, sum, folder)
      for (const file of files) {
        const to = join(folder, basename(file))
        copyFileSync(join(from, file), to)
        if (!file.includes('crd/') && !file.includes('-crd/')) continue
        const { kind, schema } = schemaOf(readFileSync(to, 'utf8'))
        writeFileSync(join(folder, 'schemas', `${kind.toLowerCase()}.json`), JSON.stringify(schema))
      }
    }
  }
  return orSentence(
    built(cacheFolder(), `crds-${fingerprint}-${PREPARATION}`, build, onProgress),
    'the definitions of KEDA, the Prometheus operator and the Gateway API could not be fetched: install Go 1.26 or later, and let it reach its module proxy.',
  )
}

/** The folder of a module, whose content has the checksum we know. */
function download(module: string, sum: string, cwd: string): string {
  const output = execFileSync('go', ['mod', 'download', '-json', module], { cwd, encoding: 'utf8' })
  const { Dir, Sum } = JSON.parse(output) as { readonly Dir: string; readonly Sum: string }
  if (Sum !== sum) throw new Error(`${module} has the checksum ${Sum}, not ${sum}`)
  return Dir
}

/** OpenAPI's dialect in a definition: only what differs from JSON Schema is named. */
type Schema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
}
type Definition = {
  readonly spec: {
    readonly names: { readonly kind: string }
    readonly versions: readonly {
      readonly storage: boolean
      readonly schema: { readonly openAPIV3Schema: Schema }
    }[]
  }
}

function schemaOf(text: string): { readonly kind: string; readonly schema: Schema } {
  // Kubernetes' own format for definitions; their makers' files are checked by it.
  const { spec } = parse(text) as Definition
  const version = spec.versions.find(({ storage }) => storage)
  if (version === undefined) throw new Error(`${spec.names.kind} has no stored version`)
  return { kind: spec.names.kind, schema: closed(version.schema.openAPIV3Schema) }
}

/** The API server drops fields that a definition does not name; a check refuses them. */
function closed(schema: Schema): Schema {
  const { type, properties, items, additionalProperties, ...rest } = schema
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties !== undefined
  return {
    ...rest,
    ...(type !== undefined && schema['x-kubernetes-int-or-string'] !== true && { type }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, closed(each)])),
    }),
    ...(properties !== undefined && !isOpen && { additionalProperties: false }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'boolean' ? additionalProperties : closed(additionalProperties),
    }),
    ...(items !== undefined && { items: closed(items) }),
  }
}
