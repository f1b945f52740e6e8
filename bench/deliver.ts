import { readFileSync } from 'node:fs'
import { Pool } from 'undici'
import { orderRequest, register, startSink, withInstallation } from './support/processes.js'

// `npm run bench deliver [-- --short]`: orders wait in the stream; how fast processors dispatch and deliver them to a
// receiver that answers at once. Counted at the receiver, from its first delivery to its last.

const ORDERS = process.argv.includes('--short') ? 3_000 : 10_000
const CLIENTS = 20

const seen = new Set<string>()
const times = { first: 0, last: 0, count: 0 }
const url = await startSink(({ headers }) => {
  times.first ||= performance.now()
  times.last = performance.now()
  times.count += 1
  seen.add(String(headers['webhook-id']))
  return undefined
})
await withInstallation({ LOG_LEVEL: 'warn' }, async ({ start }) => {
  const graph = await start('graph')
  for (let index = 0; index < CLIENTS; index += 1) await register(graph.port, `bench-${index}`, url)
  graph.child.kill('SIGTERM')
  const ingress = await start('ingress')
  await sendOrders(ingress.port)
  ingress.child.kill('SIGTERM')
  const processors = await start('processors')
  await allSeen()
  const perSecond = (ORDERS / (times.last - times.first)) * 1_000
  const duplicates = times.count - ORDERS
  console.log(`${ORDERS} orders, ${CLIENTS} clients: ${Math.round(perSecond)} deliveries/s, ${duplicates} duplicates`)
  console.log(`${(cpuMs(processors.child.pid) / ORDERS).toFixed(2)} ms of processors' CPU a delivery, start included`)
})
process.exit(0)

async function allSeen(): Promise<void> {
  const deadline = Date.now() + 120_000
  while (seen.size < ORDERS) {
    if (Date.now() > deadline) throw new Error(`only ${seen.size} of ${ORDERS} came`)
    await new Promise((resolve) => setTimeout(resolve, 20))
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
