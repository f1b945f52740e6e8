import { AckPolicy, DeliverPolicy, type JsMsg, nanos } from 'nats'
import { TRACE_HEADER } from './codec.js'
import type { StreamConnection } from './connection.js'
import { lastMessage } from './direct-get.js'

/** A scheduled message whose time has passed. */
export type LateMessage = {
  readonly subject: string
  readonly target: string
  readonly data: Uint8Array
  readonly at: Date
  readonly traceparent: string | undefined
}

/** Keeps an eye on scheduled messages: one that is still there long after its time tells that scheduling has stopped. */
export type OverdueWatch = {
  /** A message was scheduled on `subject` for `at`. */
  expect(subject: string, at: Date): void
  /** It came. */
  arrived(subject: string): void
  /** Those still waiting more than `lateMs` after their time. */
  late(lateMs: number, now: Date): Promise<readonly LateMessage[]>
}

/** Subjects remembered; beyond, the oldest are let go. */
const MAX_EXPECTED = 100_000
/** Looked up in one count. */
const MAX_LOOKED_UP = 200
const SCHEDULE_HEADER = 'Nats-Schedule'
const TARGET_HEADER = 'Nats-Schedule-Target'
const INACTIVE_MS = 10_000

/** Starts with what is scheduled already. */
export async function watchOverdue(
  connection: StreamConnection,
  options: { readonly stream: string; readonly subjects: string },
): Promise<OverdueWatch> {
  const expected = new Map<string, number>()
  const expect = (subject: string, at: Date): void => {
    expected.set(subject, at.getTime())
    const [oldest] = expected.keys()
    if (expected.size > MAX_EXPECTED && oldest !== undefined) expected.delete(oldest)
  }
  for await (const message of scheduled(connection, options)) {
    const at = timeOf(message.headers?.get(SCHEDULE_HEADER))
    if (at !== null) expect(message.subject, at)
  }
  return {
    expect,
    arrived: (subject) => {
      expected.delete(subject)
    },
    late: async (lateMs, now) => {
      const isLate = (at: number): boolean => at < now.getTime() - lateMs
      const late: LateMessage[] = []
      for (const [subject] of [...expected].filter(([, at]) => isLate(at)).slice(0, MAX_LOOKED_UP)) {
        const message = await lastMessage(connection, options.stream, subject)
        const at = message === null ? null : timeOf(message.header(SCHEDULE_HEADER))
        // Another process took it, or put it off.
        if (message === null || at === null) expected.delete(subject)
        else expect(subject, at)
        const target = message?.header(TARGET_HEADER)
        if (message !== null && at !== null && target !== undefined && isLate(at.getTime()))
          late.push({ subject, target, data: message.data, at, traceparent: message.header(TRACE_HEADER) })
      }
      return late
    },
  }
}

function timeOf(schedule: string | undefined): Date | null {
  const at = new Date(schedule?.replace('@at ', '') ?? '')
  return Number.isNaN(at.getTime()) ? null : at
}

async function* scheduled(
  { js, jsm }: StreamConnection,
  { stream, subjects }: { readonly stream: string; readonly subjects: string },
): AsyncGenerator<JsMsg> {
  const { name, num_pending: pending } = await jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    filter_subject: subjects,
    headers_only: true,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(INACTIVE_MS),
  })
  const consumer = await js.consumers.get(stream, name)
  for (let left = Math.min(pending, MAX_EXPECTED); left > 0; ) {
    const before = left
    for await (const message of await consumer.fetch({ max_messages: Math.min(left, 500), expires: 2_000 })) {
      left -= 1
      yield message
    }
    // Fired meanwhile: nothing more comes.
    if (left === before) return
  }
}
