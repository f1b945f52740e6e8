import { createTogether } from '../domain/instance-sample.js'
import type { RealtimeMetrics } from '../domain/realtime-metrics.js'
import { METRICS_SPAN_MS, offerMetrics, readMetricsHistory } from '../stream/metrics-history.js'
import { followSamples, publishSample } from '../stream/samples.js'
import type { ConsumerPlace } from '../stream/topology.js'
import type { Context } from './context.js'

const SAMPLE_MS = 1_000
/** Who asks again within this time gets the same answer. */
const FRESH_MS = 500
const HISTORY_FRESH_MS = 5_000

/** What is true of all instances right now. */
export type LiveMetrics = {
  read(): Promise<RealtimeMetrics>
  /** What was true every ten seconds of the last hour, oldest first. */
  history(): Promise<readonly RealtimeMetrics[]>
}

/** Tells the other instances of this one, every second. */
export function startSampling(context: Context): { stop(): void } {
  const { connection, topology, metrics, holder } = context
  const timer = setInterval(() => {
    const totals = metrics.sample()
    publishSample(connection, topology.subjects.samples, { v: 1, instance: holder, atMs: Date.now(), ...totals })
  }, SAMPLE_MS)
  return { stop: () => clearInterval(timer) }
}

/** Listens to every instance, and reads the queues from the streams. */
export function openLiveMetrics(context: Context): LiveMetrics & { close(): void } {
  const { connection, topology, loggers } = context
  const together = createTogether()
  const following = followSamples(connection, topology.subjects.samples, (sample) =>
    together.take({ ...sample, atMs: Date.now() }),
  )
  const depthsNow = keepFor(FRESH_MS, () => readQueues(context))
  const read = async (): Promise<RealtimeMetrics> => {
    const depths = await depthsNow()
    return {
      ...together.read(Date.now()),
      at: context.now().toISOString(),
      queueDepth: depths.dispatch + depths.deliver,
      deadLetters: depths.deadLetters,
    }
  }
  const offer = async (): Promise<void> => {
    if (connection.isUp()) await offerMetrics(connection, topology, await read())
  }
  const offering = setInterval(() => {
    offer().catch((error: unknown) => loggers.app.warn({ err: error }, 'a reading of the metrics was not kept'))
  }, METRICS_SPAN_MS)
  return {
    read,
    history: keepFor(HISTORY_FRESH_MS, () => readMetricsHistory(connection, topology)),
    close: () => {
      clearInterval(offering)
      following.stop()
    },
  }
}

/** The same answer for all who ask within a time; a failed one is asked for again. */
function keepFor<T>(freshMs: number, read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly at: number; readonly answer: Promise<T> } | undefined
  return () => {
    if (kept !== undefined && kept.at >= Date.now() - freshMs) return kept.answer
    const made = { at: Date.now(), answer: read() }
    kept = made
    made.answer.catch(() => {
      if (kept === made) kept = undefined
    })
    return made.answer
  }
}

export type QueueDepths = {
  /** Messages that wait for a worker or are in its hands. */
  readonly dispatch: number
  readonly deliver: number
  /** Deliveries given up that are still kept. */
  readonly deadLetters: number
  /** Deliveries ever given up: exact after any restart. */
  readonly deadLettersEver: number
}

/** From the streams, so true whatever processes came and went. Throws while JetStream does not answer. */
export async function readQueues({ connection: { jsm }, topology }: Context): Promise<QueueDepths> {
  const depth = async (consumers: readonly ConsumerPlace[]): Promise<number> => {
    const infos = await Promise.all(
      consumers.map(({ stream, config }) => jsm.consumers.info(stream, config.durable_name)),
    )
    return infos.reduce((sum, info) => sum + info.num_pending + info.num_ack_pending, 0)
  }
  const { dispatch: withinShare, dispatchOverflow, deliverHigh, deliverMedium, deliverLow } = topology.consumers
  const [dispatch, deliver, dead] = await Promise.all([
    depth([withinShare, ...dispatchOverflow]),
    depth([deliverHigh, deliverMedium, deliverLow]),
    jsm.streams.info(topology.streams.deadLetters.name),
  ])
  return {
    dispatch,
    deliver,
    deadLetters: dead.state.messages,
    deadLettersEver: dead.state.last_seq,
  }
}
