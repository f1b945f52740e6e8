import { healthRoute } from '../graph/graph.js'
import type { HealthReport } from '../graph/ports.js'
import { json, type Route } from '../http/http.js'
import { pause } from '../lib/wait.js'
import { RULES } from '../processors/alerts/rules.js'
import { activeByRule } from './alerts.js'
import type { Context } from './context.js'
import { readQueues } from './live-metrics.js'

const BETWEEN_FETCHES_MS = 100

/**
 * Orders are accepted while NATS is up: without it we are `down`. Without the database or a processor they are accepted
 * and wait: `degraded`.
 */
export async function readHealth(context: Context): Promise<HealthReport> {
  const nats = context.connection.isUp()
  const [database, processing] = await Promise.all([context.store.ping(), nats ? isProcessing(context) : false])
  const word = (up: boolean) => (up ? 'up' : 'down')
  return {
    status: !nats ? 'down' : database && processing ? 'ok' : 'degraded',
    timestamp: context.now().toISOString(),
    services: { database: word(database), nats: word(nats), webhook_processing: word(processing) },
  }
}

/**
 * What a person and a monitor ask (`/health`), and the two questions of an orchestrator. `/health/live`: does the process
 * answer? It asks nobody else, for a restart mends no NATS. `/health/ready`: send work here? Not without NATS, nor once
 * `isStaying` is false.
 */
export function healthRoutes(context: Context, isStaying: () => boolean): readonly Route[] {
  const probe = (path: string, check: () => string | undefined): Route => ({
    method: 'get',
    pattern: path,
    maxBodyBytes: 0,
    handler: () => {
      const reason = check()
      return json(reason === undefined ? 200 : 503, { ok: reason === undefined, ...(reason && { reason }) })
    },
  })
  return [
    healthRoute(() => readHealth(context)),
    probe('/health/live', () => undefined),
    probe('/health/ready', () => {
      if (!isStaying()) return 'stopping'
      return context.connection.isUp() ? undefined : 'NATS is away'
    }),
  ]
}

/** Whether any process has dispatch work in hand or waits for some: true across instances. Asked twice: a worker between two fetches does neither. */
async function isProcessing(context: Context): Promise<boolean> {
  if (await hasWorker(context)) return true
  await pause(BETWEEN_FETCHES_MS)
  return hasWorker(context)
}

async function hasWorker({ connection, topology }: Context): Promise<boolean> {
  const { stream, config } = topology.consumers.dispatch
  try {
    const info = await connection.jsm.consumers.info(stream, config.durable_name)
    return info.num_waiting + info.num_ack_pending > 0
  } catch {
    // JetStream does not answer: nothing is processed.
    return false
  }
}

/** Sets the gauges that are read from the streams and the database rather than counted here. */
export async function refreshGauges(context: Context): Promise<void> {
  const { connection, metrics, store, now } = context
  if (!connection.isUp()) return
  const queues = await readQueues(context)
  for (const [rule, count] of activeByRule(context.alerts)) metrics.setActiveAlerts(rule, RULES[rule].severity, count)
  metrics.setQueueDepth('dispatch', queues.dispatch)
  metrics.setQueueDepth('deliver', queues.deliver)
  metrics.setDeadLetters(queues.deadLetters, queues.deadLettersEver)
  metrics.setOverdueRetries(await store.conditions.countOverdueRetries(now().getTime()))
}
