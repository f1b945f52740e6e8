import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { bucketOf } from '../domain/histogram.js'
import { createResourceReader } from './resources.js'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const BATCH = [1, 2, 5, 10, 20, 50, 100, 200, 500]
/** Clients beyond the first N seen share the label value `other`, so that the series stay bounded. */
const MAX_CLIENT_LABELS = 100

/** prom-client's gauges that are named like counters, which `promtool check metrics` refuses. Each is a sum over another metric. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

export type Metrics = ReturnType<typeof createMetrics>

/** The process's metrics: the specification's names and ours (`orderwire_…`). */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  const registers = [registry]
  const requests = new Counter({
    name: 'webhook_requests_total',
    help: 'Total number of webhook requests',
    labelNames: ['provider', 'client_id', 'status'],
    registers,
  })
  const processing = new Histogram({
    name: 'webhook_processing_duration_seconds',
    help: 'Duration of webhook processing, from the whole request received to its answer',
    labelNames: ['provider', 'status'],
    buckets: SECONDS,
    registers,
  })
  const commitSize = new Histogram({
    name: 'orderwire_commit_batch_size',
    help: 'Messages per durable commit',
    buckets: BATCH,
    registers,
  })
  const commitTime = new Histogram({
    name: 'orderwire_commit_duration_seconds',
    help: 'Time until a commit is acknowledged as durable',
    buckets: SECONDS,
    registers,
  })
  const attempts = new Counter({
    name: 'orderwire_delivery_attempts_total',
    help: 'Delivery attempts by result',
    labelNames: ['provider', 'result', 'trigger'],
    registers,
  })
  const attemptTime = new Histogram({
    name: 'orderwire_delivery_duration_seconds',
    help: 'Time of a delivery attempt',
    labelNames: ['provider', 'result'],
    buckets: SECONDS,
    registers,
  })
  const latency = new Histogram({
    name: 'orderwire_delivery_latency_seconds',
    help: 'From queued to delivered, with every wait in between: retries, throttling, an endpoint that was down',
    labelNames: ['provider'],
    buckets: [...SECONDS, 60, 300, 3_600],
    registers,
  })
  const holds = new Counter({
    name: 'orderwire_delivery_holds_total',
    help: 'Deliveries put back unattempted, by why',
    labelNames: ['reason'],
    registers,
  })
  const overdueSchedules = new Gauge({
    name: 'orderwire_overdue_schedules',
    help: 'Schedules that nats-server left in the stream for more than a minute past their time, as this process saw them last before it moved them on',
    registers,
  })
  const openBreakers = new Gauge({
    name: 'orderwire_open_breakers',
    help: 'Endpoints whose deliveries are held because they are down',
    registers,
  })
  const swept = new Counter({
    name: 'orderwire_retention_removed_total',
    help: 'Taken out because its time was up',
    labelNames: ['what'],
    registers,
  })
  const expired = new Gauge({
    name: 'orderwire_expired_present',
    help: 'Past its time and still there after the last sweep: 0 unless retention does not keep up',
    labelNames: ['what'],
    registers,
  })
  const recordTime = new Histogram({
    name: 'orderwire_record_batch_duration_seconds',
    help: 'Time to write a batch into the read model',
    buckets: SECONDS,
    registers,
  })
  new Gauge({
    name: 'orderwire_socket_connections',
    help: 'Open GraphQL sockets',
    registers,
    collect() {
      this.set(connections())
    },
  })
  const queueDepth = new Gauge({
    name: 'orderwire_queue_depth',
    help: 'Messages in a stream that wait for a worker',
    labelNames: ['queue'],
    registers,
  })
  const deadLetters = new Gauge({
    name: 'orderwire_dead_letters',
    help: 'Deliveries given up that are still kept',
    registers,
  })
  // From the stream's own numbering, which outlives us: prom-client is told the total, not the growth.
  const deadLettersEver = new Counter({
    name: 'orderwire_dead_letters_total',
    help: 'Deliveries given up, ever',
    registers,
  })
  const overdue = new Gauge({
    name: 'orderwire_overdue_retries',
    help: 'Retries more than a minute past their time by the logs, whatever the reason; alerts go by this one',
    registers,
  })
  const activeAlerts = new Gauge({
    name: 'orderwire_alerts_active',
    help: 'Alerts that have not cleared',
    labelNames: ['rule', 'severity'],
    registers,
  })
  const readResources = createResourceReader()
  let resources = readResources()
  new Gauge({
    name: 'orderwire_memory_usage_ratio',
    help: 'Share of its memory limit that the process uses',
    registers,
    collect() {
      this.set(resources.memoryBytes / resources.memoryLimitBytes)
    },
  })
  new Gauge({
    name: 'orderwire_cpu_usage_ratio',
    help: 'Share of its CPUs that the process used in the last second',
    registers,
    collect() {
      this.set(resources.cpu)
    },
  })
  // What is read from the streams and the database is not known to be 0 until it has been read: a total that rose from 0
  // to what it is would look like growth after every restart.
  for (const unread of [deadLetters, deadLettersEver, overdue]) unread.remove({})
  const totals = { requests: 0, failedRequests: 0, requestMs: 0, attempts: 0, failedAttempts: 0, attemptMs: 0 }
  const attemptTimes: Record<string, number> = {}
  let connections = (): number => 0
  const labels = new Set<string>()
  const clientLabel = (clientId: string | null): string => {
    if (clientId === null) return 'unknown'
    if (labels.has(clientId)) return clientId
    if (labels.size >= MAX_CLIENT_LABELS) return 'other'
    labels.add(clientId)
    return clientId
  }
  return {
    answered: (answer: {
      readonly provider: string | null
      readonly clientId: string | null
      readonly status: number
      readonly durationMs: number
    }): void => {
      const provider = answer.provider ?? 'unknown'
      const status = String(answer.status)
      totals.requests += 1
      if (answer.status >= 400) totals.failedRequests += 1
      totals.requestMs += answer.durationMs
      requests.inc({ provider, client_id: clientLabel(answer.clientId), status })
      processing.observe({ provider, status }, answer.durationMs / 1_000)
    },
    committed: (messages: number, durationMs: number): void => {
      commitSize.observe(messages)
      commitTime.observe(durationMs / 1_000)
    },
    attempted: (attempt: {
      readonly provider: string
      readonly result: string
      readonly trigger: string
      readonly durationMs: number
    }): void => {
      totals.attempts += 1
      if (attempt.result !== 'delivered') totals.failedAttempts += 1
      totals.attemptMs += attempt.durationMs
      const slot = bucketOf(attempt.durationMs)
      attemptTimes[slot] = (attemptTimes[slot] ?? 0) + 1
      attempts.inc({ provider: attempt.provider, result: attempt.result, trigger: attempt.trigger })
      attemptTime.observe({ provider: attempt.provider, result: attempt.result }, attempt.durationMs / 1_000)
    },
    delivered: (provider: string, sinceQueuedMs: number): void => latency.observe({ provider }, sinceQueuedMs / 1_000),
    held: (reason: string): void => holds.inc({ reason }),
    swept: (removed: Readonly<Record<string, number>>, left: Readonly<Record<string, number>>): void => {
      for (const [what, count] of Object.entries(removed)) swept.inc({ what }, count)
      for (const [what, count] of Object.entries(left)) expired.set({ what }, count)
    },
    setOverdueSchedules: (count: number): void => overdueSchedules.set(count),
    readOpenBreakers: (read: () => number): void => {
      // Read when somebody looks.
      Object.assign(openBreakers, { collect: () => openBreakers.set(read()) })
    },
    recorded: (_size: number, durationMs: number): void => recordTime.observe(durationMs / 1_000),
    setQueueDepth: (queue: string, messages: number): void => queueDepth.set({ queue }, messages),
    setDeadLetters: (kept: number, ever: number): void => {
      deadLetters.set(kept)
      deadLettersEver.reset()
      deadLettersEver.inc(ever)
    },
    setActiveAlerts: (rule: string, severity: string, count: number): void =>
      activeAlerts.set({ rule, severity }, count),
    setOverdueRetries: (count: number): void => overdue.set(count),
    /** Told how to count the process's GraphQL sockets. */
    watchSockets: (count: () => number): void => {
      connections = count
    },
    /** What this process has done since it started, and what it uses now. Read it about once a second. */
    sample: () => {
      resources = readResources()
      return { ...totals, attemptTimes: { ...attemptTimes }, ...resources, connections: connections() }
    },
    /** The Prometheus text exposition, and its content type. */
    expose: async (): Promise<{ readonly contentType: string; readonly text: string }> => ({
      contentType: registry.contentType,
      text: await registry.metrics(),
    }),
  }
}
