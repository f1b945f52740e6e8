import { createTogether } from '../domain/instance-sample.js'
import type { RealtimeMetrics } from '../graph/ports.js'
import { followSamples, publishSample } from '../stream/samples.js'
import type { Context } from './context.js'

const SAMPLE_MS = 1_000
/** Who asks again within this time gets the same answer. */
const FRESH_MS = 500

/** What is true of all instances right now. */
export type LiveMetrics = { read(): Promise<RealtimeMetrics> }

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
  const { connection, topology } = context
  const together = createTogether()
  const following = followSamples(connection, topology.subjects.samples, (sample) =>
    together.take({ ...sample, atMs: Date.now() }),
  )
  let queues: { readonly at: number; readonly depths: Promise<QueueDepths> } | undefined
  return {
    close: () => following.stop(),
    read: async () => {
      const now = Date.now()
      if (queues === undefined || queues.at < now - FRESH_MS) queues = { at: now, depths: readQueues(context) }
      const depths = await queues.depths
      return {
        ...together.read(now),
        at: context.now().toISOString(),
        queueDepth: depths.dispatch + depths.deliver,
        deadLetters: depths.deadLetters,
      }
    },
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
  const depth = async ({ stream, config }: (typeof topology.consumers)[keyof typeof topology.consumers]) => {
    const info = await jsm.consumers.info(stream, config.durable_name)
    return info.num_pending + info.num_ack_pending
  }
  const [dispatch, others, dead] = await Promise.all([
    depth(topology.consumers.dispatch),
    Promise.all(
      Object.values(topology.consumers)
        .filter((consumer) => consumer !== topology.consumers.dispatch)
        .map(depth),
    ),
    jsm.streams.info(topology.streams.deadLetters.name),
  ])
  return {
    dispatch,
    deliver: others.reduce((sum, each) => sum + each, 0),
    deadLetters: dead.state.messages,
    deadLettersEver: dead.state.last_seq,
  }
}
