import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { careemSpec } from '../../src/providers/careem/spec.js'
import { tableAdapter } from '../../src/providers/table-adapter.js'
import { FAULTS } from './faults.js'
import { groupBy } from './group-by.js'
import { type Accepted, type Reconciled, reconcile } from './reconcile.js'
import { buildWorld, type World } from './world.js'

// `npm run drill [-- --short]`: traffic runs while every part is killed, paused and cut off in turn; then everything that
// was answered 200 is accounted for. The long form writes docs/drill-report.md.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const isShort = process.argv.includes('--short')
const FAULT_COUNT = isShort ? 8 : 52
const PER_SECOND = isShort ? 25 : 30
const STATUSES = ['pending', 'accepted', 'preparing', 'ready'] as const
const MAX_RETRIES = 8
const RECOVER_MS = 60_000
/** Between two faults, so that each meets a system at work. */
const CALM_MS = 500

const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-drill-'))
const world = await buildWorld(dataDir)
let failed = true
try {
  failed = await drill(world)
} finally {
  await world.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

type Client = {
  readonly clientId: string
  readonly credentials: { readonly secretKey: string; readonly apiKey: string }
}
type Inflicted = { readonly name: string; readonly recoveredMs: number | null }

async function drill(world: World): Promise<boolean> {
  const startedAt = Date.now()
  const clients = await Promise.all(['north', 'south', 'west'].map((name) => register(world, name)))
  const stopping = new AbortController()
  const answers = { accepted: [] as Accepted[], refused: 0 }
  const traffic = runTraffic(world, clients, answers, stopping.signal)
  const inflicted: Inflicted[] = []
  for (let index = 0; index < FAULT_COUNT; index += 1) {
    const fault = FAULTS[index % FAULTS.length]
    if (fault === undefined) break
    await pause(CALM_MS)
    const at = new Date().toISOString().slice(11, 23)
    await fault.inflict(world)
    const recoveredMs = await recovery(world, answers.accepted)
    inflicted.push({ name: fault.name, recoveredMs })
    console.log(`  ${index + 1}/${FAULT_COUNT} ${at} ${fault.name}: recovered after ${recoveredMs ?? '> 60,000'} ms`)
  }
  stopping.abort()
  await traffic
  const result = await reconcile(world, answers.accepted, MAX_RETRIES + 1)
  const report = describe(inflicted, answers.refused, result, Date.now() - startedAt)
  for (const order of new Set(result.repeatsAfterNewer)) console.log(`  a revision again after a higher one: ${order}`)
  console.log(`\n${report}`)
  if (!isShort) await writeFile(join(ROOT, 'docs', 'drill-report.md'), report)
  return (
    result.lost.length > 0 ||
    result.accepted === 0 ||
    result.outOfOrder > 0 ||
    result.repeatsAfterNewer.length > 0 ||
    result.changedIds > 0 ||
    result.attemptsBeyondPolicy > 0 ||
    inflicted.some(({ recoveredMs }) => recoveredMs === null)
  )
}

async function register(world: World, clientId: string): Promise<Client> {
  const made = await world.call<{ secretKey: string; apiKey: string }>('POST', '/api/webhooks/register', {
    clientId,
    provider: 'careem',
    url: `${world.receiverUrl}/${clientId}`,
    events: ['*'],
  })
  await world.call('PUT', `/api/webhooks/config/${clientId}`, {
    retryPolicy: { maxRetries: MAX_RETRIES, retryDelays: [500, 1_000, 2_000], exponentialBackoff: true },
    security: { rateLimiting: { enabled: false } },
  })
  return { clientId, credentials: { secretKey: made.secretKey, apiKey: made.apiKey } }
}

/** Orders, each created and moved three times, at a steady rate; an order's next event leaves after the answer to the one before. */
async function runTraffic(
  { ingressUrl }: World,
  clients: readonly Client[],
  answers: { readonly accepted: Accepted[]; refused: number },
  signal: AbortSignal,
): Promise<void> {
  const { sign } = tableAdapter(careemSpec)
  const orders: Promise<void>[] = []
  const send = async (client: Client, id: string, step: number): Promise<void> => {
    const data = { order: { id, status: STATUSES[step], currency: 'AED', total_amount: '10.00', items: [] } }
    const event_type = step === 0 ? 'order.created' : 'order.updated'
    const body = Buffer.from(JSON.stringify({ event_type, timestamp: new Date().toISOString(), data }))
    const headers = sign(body, client.credentials, { clientId: client.clientId, nowMs: Date.now() })
    const answer = await fetch(`${ingressUrl}/webhooks/careem/${client.clientId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(20_000),
    }).catch(() => null)
    if (answer?.status !== 200) {
      answers.refused += 1
      return
    }
    // An answer cut off in its middle was not given.
    const json: unknown = await answer.json().catch(() => null)
    if (typeof json === 'object' && json !== null && 'eventId' in json)
      answers.accepted.push({ eventId: String(json.eventId), at: Date.now() })
  }
  for (let count = 0; !signal.aborted; count += 1) {
    const client = clients[count % clients.length]
    if (client === undefined) return
    orders.push(
      (async () => {
        for (let step = 0; step < STATUSES.length; step += 1) await send(client, `drill-${count}`, step)
      })(),
    )
    await pause((1_000 * STATUSES.length) / PER_SECOND)
  }
  await Promise.all(orders)
}

/** Until an event that was accepted after the fault was put right has arrived; null when none does in time. */
async function recovery({ receipts }: World, accepted: readonly Accepted[]): Promise<number | null> {
  const startedAt = Date.now()
  while (Date.now() - startedAt < RECOVER_MS) {
    const since = new Set(accepted.filter(({ at }) => at >= startedAt).map(({ eventId }) => eventId))
    if (since.size > 0 && receipts().some(({ id, status }) => status === 200 && since.has(id)))
      return Date.now() - startedAt
    await pause(50)
  }
  return null
}

function describe(inflicted: readonly Inflicted[], refused: number, result: Reconciled, ms: number): string {
  const byName = groupBy(inflicted, ({ name }) => name)
  const rows = [...byName].map(([name, each]) => {
    const times = each.map(({ recoveredMs }) => recoveredMs ?? Number.POSITIVE_INFINITY)
    return `| ${name} | ${each.length} | ${Math.max(...times)} |`
  })
  const dead = Object.entries(result.dead).map(([reason, count]) => `${count} ${reason}`)
  return `# Drill report

\`npm run drill\`: ${inflicted.length} faults in ${Math.round(ms / 1_000)} s of traffic, each role a process of its own, two processors. Written by the drill.

| | |
|---|---|
| events answered 200 | ${result.accepted} |
| requests refused or cut off (the platform sends again) | ${refused} |
| delivered | ${result.delivered} |
| given up by the policy | ${dead.length === 0 ? '0' : dead.join(', ')} |
| still in a queue | ${result.queued} |
| **lost** | **${result.lost.length}** |
| requests the receiver got | ${result.receipts} |
| delivered more than once, under the same \`webhook-id\` | ${result.duplicates} |
| an event under two ids | ${result.changedIds} |
| an order's event after a later one | ${result.outOfOrder} first, ${result.repeatsAfterNewer.length} again |
| attempts beyond the policy (${MAX_RETRIES + 1}) | ${result.attemptsBeyondPolicy} |

| fault | times | slowest recovery, ms |
|---|---|---|
${rows.join('\n')}
`
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
