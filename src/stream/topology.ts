import { AckPolicy, type ConsumerConfig, DeliverPolicy, nanos, StorageType, type StreamConfig } from 'nats'
import type { DeliveryPriority } from '../domain/delivery.js'
import { createSubjects, OVERFLOW_LANES, type Subjects } from './subjects.js'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Stream options of nats-server ≥ 2.12 that the client's typings do not know yet. */
type StreamTable = Partial<StreamConfig> & {
  name: string
  subjects: string[]
  /** Atomic batches: what group commit stands on (ADR-50). */
  allow_atomic?: boolean
  /** Scheduled messages: what retries stand on (ADR-51). */
  allow_msg_schedules?: boolean
}

export type ConsumerTable = Partial<ConsumerConfig> & { durable_name: string }

/** A durable consumer and its stream. */
export type ConsumerPlace = { readonly stream: string; readonly config: ConsumerTable }

/** All names of one installation. */
export type Topology = {
  readonly subjects: Subjects
  readonly streams: { readonly [name in StreamName]: StreamTable }
  readonly consumers: {
    readonly dispatch: ConsumerPlace
    /** For what exceeds clients' shares: a backlog there is in nobody else's way. */
    readonly dispatchOverflow: readonly ConsumerPlace[]
    readonly deliverHigh: ConsumerPlace
    readonly deliverMedium: ConsumerPlace
    readonly deliverLow: ConsumerPlace
    readonly notices: ConsumerPlace
  }
  /** Key-value bucket of client records. */
  readonly configBucket: string
  /** Key-value bucket of alerts, kept thirty days. */
  readonly alertBucket: string
}

export type StreamName = 'webhooks' | 'orders' | 'deliveries' | 'activity' | 'deadLetters' | 'notices' | 'metrics'

/** How long an unacknowledged message waits for its worker before another gets it; workers report progress well within. */
export const ACK_WAIT_MS = 10_000

/**
 * The streams and durable consumers, created or updated at start.
 *
 * | stream       | holds                                        | kept                   |
 * |--------------|----------------------------------------------|------------------------|
 * | WEBHOOKS     | every verified webhook, raw                  | 7 days                 |
 * | ORDERS       | each order's log: which events moved it      | 30 days from the last  |
 * | DELIVERIES   | one message per event and endpoint, retries  | 7 days                 |
 * | ACTIVITY     | what became of each event, small             | 7 days                 |
 * | DEAD_LETTERS | deliveries given up                          | 30 days                |
 * | NOTICES      | what admins are to know about endpoints      | 30 days                |
 * | METRICS      | what charts begin with, in memory            | 1 hour                 |
 */
export function createTopology(options: {
  readonly prefix: string
  readonly replicas: number
  readonly deadLetterDays?: number
}): Topology {
  const subjects = createSubjects(options.prefix === '' ? '' : `${options.prefix}.`)
  const name = (base: string): string => (options.prefix === '' ? base : `${options.prefix}_${base}`)
  const common = { num_replicas: options.replicas }
  const webhooks = name('WEBHOOKS')
  const deliveries = name('DELIVERIES')
  return {
    subjects,
    streams: {
      webhooks: {
        ...common,
        name: webhooks,
        subjects: [subjects.webhooks],
        max_age: nanos(7 * DAY_MS),
        allow_atomic: true,
        // Direct gets answer "which message was the first of this event?" without a consumer.
        allow_direct: true,
      },
      orders: {
        ...common,
        name: name('ORDERS'),
        subjects: [subjects.orders],
        max_age: nanos(30 * DAY_MS),
        max_msgs_per_subject: 1,
        allow_atomic: true,
      },
      deliveries: {
        ...common,
        name: deliveries,
        subjects: [subjects.deliveries],
        // Not a work queue: removing each message when it is acknowledged costs an fsync of its own.
        max_age: nanos(7 * DAY_MS),
        allow_atomic: true,
        allow_msg_schedules: true,
        allow_direct: true,
        // An event that is dispatched again (dispatch died before it acknowledged) is queued once.
        duplicate_window: nanos(HOUR_MS),
      },
      activity: {
        ...common,
        name: name('ACTIVITY'),
        subjects: [subjects.activities],
        max_age: nanos(7 * DAY_MS),
        allow_atomic: true,
        // "What became of the delivery before this one?" is a direct get of its last fact.
        allow_direct: true,
      },
      deadLetters: {
        ...common,
        name: name('DEAD_LETTERS'),
        subjects: [subjects.deadLetters],
        max_age: nanos((options.deadLetterDays ?? 30) * DAY_MS),
        // Given up again after a manual retry: the last word replaces the first.
        max_msgs_per_subject: 1,
        allow_atomic: true,
      },
      notices: { ...common, name: name('NOTICES'), subjects: [subjects.notices], max_age: nanos(30 * DAY_MS) },
      metrics: {
        ...common,
        name: name('METRICS'),
        subjects: [subjects.metrics],
        // Lost with the broker's memory, and made anew within the hour.
        storage: StorageType.Memory,
        max_age: nanos(HOUR_MS),
        allow_direct: true,
        // Every process offers its reading of a span; the first is taken.
        duplicate_window: nanos(MINUTE_MS),
      },
    },
    consumers: {
      dispatch: {
        stream: webhooks,
        // Wide: thin events whose platform does not answer wait here, and must not hold up the others.
        config: { ...worker('dispatch'), filter_subject: subjects.webhooksWithinShare, max_ack_pending: 20_000 },
      },
      dispatchOverflow: Array.from({ length: OVERFLOW_LANES }, (_, lane) => ({
        stream: webhooks,
        config: {
          ...worker(`dispatch-over-${lane}`),
          filter_subject: subjects.webhooksOverflow(lane),
          max_ack_pending: 4_000,
        },
      })),
      deliverHigh: { stream: deliveries, config: deliverConsumer(subjects, 'high') },
      deliverMedium: { stream: deliveries, config: deliverConsumer(subjects, 'medium') },
      deliverLow: { stream: deliveries, config: deliverConsumer(subjects, 'low') },
      // One at a time in the whole installation: two processes that find one endpoint down tell it once.
      notices: { stream: name('NOTICES'), config: { ...worker('notices'), max_ack_pending: 1 } },
    },
    configBucket: name('CONFIG'),
    alertBucket: name('ALERTS'),
  }
}

/** All durable consumers. */
export function consumersOf({ consumers }: Topology): readonly ConsumerPlace[] {
  return Object.values(consumers).flat()
}

/** One for each priority: bulk work waits on its own, however much there is of it. */
function deliverConsumer(subjects: Subjects, priority: DeliveryPriority): ConsumerTable {
  return {
    ...worker(`deliver-${priority}`),
    filter_subject: subjects.deliveriesReady(priority),
    max_ack_pending: 4_000,
  }
}

function worker(durableName: string): ConsumerTable {
  return {
    durable_name: durableName,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
  }
}
