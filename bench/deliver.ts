import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { startStack } from '../dev/stack/stack.js'
import { orderRequest, register, SECRETS, serve } from './processes.js'

// `npm run bench deliver [-- --short]`: orders wait in the stream; how fast processors dispatch and deliver them to a
// receiver that answers at once. Counted at the receiver, from its first delivery to its last.

const ORDERS = process.argv.includes('--short') ? 3_000 : 10_000
const CLIENTS = 20

const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-bench-'))
const stack = await startStack({ dataDir, memory: true })
const children: ChildProcess[] = []
const receiver = await countingReceiver()
try {
  const environment = {
    ...SECRETS,
    NATS_URL: stack.natsUrl,
    MONGODB_URL: stack.mongoUrl,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    ALLOW_PRIVATE_TARGETS: 'true',
  }
  const graph = await start('graph', environment)
  for (let index = 0; index < CLIENTS; index += 1) await register(graph.port, `bench-${index}`, receiver.url)
  graph.child.kill('SIGTERM')
  const ingress = await start('ingress', environment)
  await sendOrders(ingress.port)
  ingress.child.kill('SIGTERM')
  const processors = await start('processors', environment)
  const { first, last, ids } = await receiver.all(ORDERS)
  const perSecond = (ORDERS / (last - first)) * 1_000
  console.log(`${ORDERS} orders, ${CLIENTS} clients: ${Math.round(perSecond)} deliveries/s, ${ids - ORDERS} duplicates`)
  console.log(`${(cpuMs(processors.child.pid) / ORDERS).toFixed(2)} ms of processors' CPU a delivery, start included`)
} finally {
  for (const child of children) child.kill('SIGKILL')
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(0)

async function start(role: string, environment: Readonly<Record<string, string>>) {
  const started = await serve(role, environment)
  children.push(started.child)
  return started
}

async function countingReceiver() {
  const seen = new Set<string>()
  let count = 0
  let first = 0
  let last = 0
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      first ||= performance.now()
      last = performance.now()
      count += 1
      seen.add(String(request.headers['webhook-id']))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    all: async (wanted: number) => {
      const deadline = Date.now() + 120_000
      while (seen.size < wanted) {
        if (Date.now() > deadline) throw new Error(`only ${seen.size} of ${wanted} came`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return { first, last, ids: count }
    },
  }
}

async function sendOrders(port: number): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 128 })
  let next = 0
  const lane = async (): Promise<void> => {
    for (let index = next++; index < ORDERS; index = next++) {
      const answer = await pool.request(orderRequest(`bench-${index % CLIENTS}`, String(index)))
      await answer.body.dump()
      if (answer.statusCode !== 200) throw new Error(`ingress answered ${answer.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: 128 }, lane))
  await pool.destroy()
}

/** CPU time a process has used, ms (Linux: clock ticks of 10 ms): says more than the rate where others use the machine. */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
