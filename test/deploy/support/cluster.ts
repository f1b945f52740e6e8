import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { freePort, type ServerControl, startServer } from '../../../dev/stack/server-process.js'
import { until } from '../../support/app.js'
import { STAGES } from './crds.js'
import type { Manifest } from './manifests.js'
import type { ToolName } from './tools.js'

/** A Kubernetes of its own: the real API server, controllers and scheduler. Only what runs pods is played, by kwok. */
export type Cluster = {
  /** Runs a program of the cluster's users, `kubectl` or `helm`, against it. Throws with its own words. */
  run(tool: 'kubectl' | 'helm', args: readonly string[], input?: string): string
  /** The same without blocking this process; resolves to whether it went well, and what it said. */
  start(tool: 'kubectl' | 'helm', args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }>
  list(kind: string, namespace: string): readonly Manifest[]
  close(): Promise<void>
}

export const NODES: readonly string[] = ['node-a', 'node-b', 'node-c']
const READY_MS = 120_000

/** Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok, with nodes that take pods. */
export async function startCluster(tools: Readonly<Record<ToolName | string, string>>): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'orderwire-cluster-'))
  const servers: ServerControl[] = []
  const serve = async (name: ToolName, port: number, args: readonly string[]): Promise<void> => {
    const command = tools[name] ?? name
    servers.push(await startServer({ name, command, args, port, logFile: join(folder, `${name}.log`) }))
  }
  const [etcd, peer, api, controllers, scheduler, kubelets] = await Promise.all(Array.from({ length: 6 }, freePort))
  const kubeconfig = join(folder, 'kubeconfig')
  const keys = writeKeys(folder, kubeconfig, `https://127.0.0.1:${api}`)
  await serve('etcd', etcd ?? 0, [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    // Gone with the test.
    '--unsafe-no-fsync',
  ])
  await serve('kube-apiserver', api ?? 0, [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--secure-port=${api}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${keys.tokens}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${keys.serviceAccounts}`,
    `--service-account-key-file=${keys.serviceAccounts}`,
  ])
  const run: Cluster['run'] = (tool, args, input) =>
    execFileSync(tools[tool] ?? tool, args, {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: kubeconfig, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder },
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
      ...(input !== undefined && { input }),
    })
  await until('the API server is ready', () => isFine(() => run('kubectl', ['get', '--raw=/readyz'])), READY_MS)
  await serve('kube-controller-manager', controllers ?? 0, [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${keys.serviceAccounts}`,
    `--secure-port=${controllers}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    '--bind-address=127.0.0.1',
    '--leader-elect=false',
  ])
  await serve('kube-scheduler', scheduler ?? 0, [
    `--kubeconfig=${kubeconfig}`,
    `--secure-port=${scheduler}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    '--bind-address=127.0.0.1',
    '--leader-elect=false',
  ])
  await serve('kwok', kubelets ?? 0, [
    `--kubeconfig=${kubeconfig}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    ...STAGES.map((file) => `--config=${join(tools['crds'] ?? '', file)}`),
    `--server-address=127.0.0.1:${kubelets}`,
  ])
  run('kubectl', ['apply', '-f', '-'], NODES.map((name) => stringify(nodeOf(name))).join('---\n'))
  const close = async (): Promise<void> => {
    for (const server of servers.reverse()) await server.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  return {
    run,
    close,
    list: (kind, namespace) => itemsOf(run('kubectl', ['get', kind, '-n', namespace, '-o', 'json'])),
    start: (tool, args) =>
      new Promise((resolve, reject) => {
        const child = spawn(tools[tool] ?? tool, args, { env: { ...process.env, KUBECONFIG: kubeconfig } })
        let output = ''
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
        child.once('error', reject)
        child.once('exit', (code) => resolve({ ok: code === 0, output }))
      }),
  }
}

/** An administrator's token, the key of service accounts, and the file that clients read both the address and the token from. */
function writeKeys(folder: string, kubeconfig: string, server: string) {
  const token = randomBytes(24).toString('hex')
  const tokens = join(folder, 'tokens.csv')
  const serviceAccounts = join(folder, 'service-accounts.pem')
  mkdirSync(join(folder, 'certificates'))
  writeFileSync(tokens, `${token},admin,admin,system:masters\n`)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  writeFileSync(serviceAccounts, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  }
  writeFileSync(kubeconfig, stringify(config))
  return { tokens, serviceAccounts }
}

function nodeOf(name: string): object {
  const capacity = { cpu: '16', memory: '64Gi', pods: '110' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    status: { capacity, allocatable: capacity },
  }
}

function itemsOf(json: string): readonly Manifest[] {
  // kubectl's own list, of objects that the API server has checked.
  return (JSON.parse(json) as { readonly items: readonly Manifest[] }).items
}

function isFine(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
