import type { TestProject } from 'vitest/node'
import { customResources } from './crds.js'
import { goTool, kubernetesSchemas } from './tools.js'

const say = (line: string): void => console.log(`chart checks: ${line}`)

/** The chart's tools: some minutes the first time on a small machine, nothing after. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('tools', {
    schemas: await kubernetesSchemas(say),
    crds: await customResources(say),
    kubeconform: await goTool('kubeconform', say),
    kustomize: await goTool('kustomize', say),
    helm: await goTool('helm', say),
    'helm-unittest': await goTool('helm-unittest', say),
    'kube-score': await goTool('kube-score', say),
  })
}
