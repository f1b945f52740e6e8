import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { KUBERNETES_VERSIONS, ROOT } from './tools.js'

export type ToolResult = { readonly ok: boolean; readonly output: string }

export function toolPath(name: string): string {
  const path = inject('tools')[name]
  if (path === undefined) throw new Error(`${name} is not among this project's tools`)
  return path
}

export function runTool(
  name: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): ToolResult {
  const { status, stdout, stderr, error } = spawnSync(toolPath(name), args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...options.env },
    maxBuffer: 64 * 1024 * 1024,
    ...(options.input !== undefined && { input: options.input }),
  })
  if (error !== undefined) throw error
  return { ok: status === 0, output: stdout + stderr }
}

/** Calls with a file that ends in `name` and holds `content`; some tools look at a file's name. */
export function withFile<T>(name: string, content: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'orderwire-deploy-'))
  try {
    const path = join(folder, name)
    writeFileSync(path, content)
    return use(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether manifests fit the API of every Kubernetes version we support; `valid` counts objects over all of them. */
export function conform(manifests: string): ToolResult & { readonly valid: number } {
  return withFile('manifests.yaml', manifests, (path) => {
    const results = KUBERNETES_VERSIONS.map((version) => {
      const result = runTool('kubeconform', [
        '-strict',
        '-output=json',
        '-summary',
        `-kubernetes-version=${version}`,
        `-schema-location=${inject('tools')['schemas']}/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json`,
        `-schema-location=${inject('tools')['crds']}/schemas/{{.ResourceKind}}.json`,
        path,
      ])
      // kubeconform's own report: counts and, where not verbose, only what failed.
      const report = JSON.parse(result.output) as { summary: { valid: number } }
      return { ...result, valid: report.summary.valid }
    })
    return {
      ok: results.every(({ ok }) => ok),
      output: results.map(({ output }) => output).join('\n'),
      valid: results.reduce((sum, { valid }) => sum + valid, 0),
    }
  })
}
