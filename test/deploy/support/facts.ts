import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { environmentSchema, ROLES } from '../../../src/config/config.js'
import type { Manifest } from './manifests.js'
import { ROOT } from './tools.js'

export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** Reads a YAML file of ours; the checks state its shape. */
// biome-ignore lint/suspicious/noExplicitAny: read field by field by checks that fail where one is missing
export function readYaml(file: string): any {
  return parse(read(file), { merge: true })
}

/** The variables of docs/configuration.md. */
export function documentedVariables(): readonly string[] {
  return [...read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name ?? '')
}

/** The paths that answer probes, as src/app/health.ts and its test have them. */
const PROBES = {
  startupProbe: '/health/live',
  livenessProbe: '/health/live',
  readinessProbe: '/health/ready',
} as const

/** Longest that a process takes to end after SIGTERM and SHUTDOWN_DELAY_MS (src/cli/until-stopped.ts). */
const DRAIN_SECONDS = 10

/** What is wrong with the workloads among `manifests`: a sentence each. Roles, probes, draining, the restricted profile, variables. */
export function workloadFaults(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap((manifest) => {
    const pod = manifest.kind === 'Pod' ? manifest['spec'] : manifest['spec']?.template?.spec
    if (pod === undefined) return []
    const name = `${manifest.kind} ${manifest.metadata.name}`
    const faults = [...securityFaults(pod), ...variableFaults(pod.containers[0])]
    if (manifest.kind === 'Deployment')
      faults.push(...roleFaults(manifest, pod), ...probeFaults(pod), ...drainFaults(pod))
    return faults.map((fault) => `${name}: ${fault}`)
  })
}

function roleFaults(manifest: Manifest, pod: Manifest): readonly string[] {
  const [container] = pod['containers']
  const role = manifest.metadata.labels?.['app.kubernetes.io/component'] ?? ''
  const faults: string[] = []
  if (!(ROLES as readonly string[]).includes(role)) faults.push(`"${role}" is no role`)
  if (container.args.join(' ') !== `serve --role ${role}`)
    faults.push(`runs "${container.args.join(' ')}", not role ${role}`)
  if (
    !container.env.some(
      ({ name, value }: { name: string; value?: string }) =>
        name === 'PORT' && value === String(container.ports[0].containerPort),
    )
  )
    faults.push('listens on another port than the one it names')
  return faults
}

function probeFaults(pod: Manifest): readonly string[] {
  return Object.entries(PROBES).flatMap(([probe, path]) => {
    const asked = pod['containers'][0][probe]?.httpGet
    return asked?.path === path && asked.port === 'http'
      ? []
      : [`its ${probe} asks ${asked?.path ?? 'nothing'}, not ${path}`]
  })
}

function drainFaults(pod: Manifest): readonly string[] {
  const [container] = pod['containers']
  const delay = container.env.find(({ name }: { name: string }) => name === 'SHUTDOWN_DELAY_MS')
  const needed = container.lifecycle.preStop.sleep.seconds + Number(delay?.value ?? 0) / 1_000 + DRAIN_SECONDS
  return pod['terminationGracePeriodSeconds'] > needed ? [] : [`is killed before it has drained (${needed} s)`]
}

/** The restricted Pod Security profile, a read-only root, limits, and no token of the API. */
function securityFaults(pod: Manifest): readonly string[] {
  const [container] = pod['containers']
  const { securityContext: context, resources } = container
  const rules: readonly (readonly [boolean, string])[] = [
    [pod['securityContext']?.runAsNonRoot === true && context?.runAsNonRoot === true, 'may run as root'],
    [pod['securityContext']?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile'],
    [context?.allowPrivilegeEscalation === false, 'may gain privileges'],
    [context?.readOnlyRootFilesystem === true, 'may write to its root file system'],
    [context?.capabilities?.drop?.[0] === 'ALL' && context.capabilities.add === undefined, 'keeps capabilities'],
    [pod['automountServiceAccountToken'] === false, 'holds a token of the Kubernetes API'],
    [
      resources?.requests?.memory !== undefined && resources.limits?.memory !== undefined,
      'has no memory request or limit',
    ],
  ]
  return rules.flatMap(([holds, fault]) => (holds ? [] : [fault]))
}

function variableFaults(container: { readonly env?: readonly { readonly name: string }[] }): readonly string[] {
  return (container.env ?? [])
    .filter(({ name }) => !(name in environmentSchema.shape))
    .map(({ name }) => `sets ${name}, which nothing reads`)
}
