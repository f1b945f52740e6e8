import type { TestProject } from 'vitest/node'
import { customResources } from './crds.js'
import { goTool, type ToolName } from './tools.js'

const say = (line: string): void => console.log(`cluster: ${line}`)

const NEEDED: readonly ToolName[] = [
  'helm',
  'etcd',
  'kwok',
  'kubectl',
  'kube-scheduler',
  'kube-controller-manager',
  'kube-apiserver',
]

/** Kubernetes itself, built from its Go modules: half an hour the first time on a small machine, nothing after. */
export async function setup(project: TestProject): Promise<void> {
  const tools: Record<string, string> = { crds: await customResources(say) }
  for (const name of NEEDED) tools[name] = await goTool(name, say)
  project.provide('tools', tools)
}
