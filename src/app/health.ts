import type { HealthReport } from '../graph/ports.js'
import { pause } from '../lib/wait.js'
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
  metrics.setQueueDepth('dispatch', queues.dispatch)
  metrics.setQueueDepth('deliver', queues.deliver)
  metrics.setDeadLetters(queues.deadLetters, queues.deadLettersEver)
  metrics.setOverdueRetries((await store.retryStats.readRetryStats({}, now().toISOString())).overdue)
}
