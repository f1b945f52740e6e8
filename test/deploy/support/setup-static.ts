import type { TestProject } from 'vitest/node'
import { customResources } from './crds.js'
import { goTool, hadolint, kubernetesSchemas } from './tools.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Paths of the tools, by name. */
    tools: Readonly<Record<string, string>>
  }
}

const say = (line: string): void => console.log(`deployment checks: ${line}`)

/** The tools of the checks that every change passes. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('tools', {
    hadolint: await hadolint(say),
    schemas: await kubernetesSchemas(say),
    crds: await customResources(say),
    kubeconform: await goTool('kubeconform', say),
    actionlint: await goTool('actionlint', say),
    compose: await goTool('compose', say),
    promtool: await goTool('promtool', say),
  })
}
