import { NatsError } from 'nats'
import { type OrderLog, orderLogSchema } from '../domain/order-log.js'
import type { StreamConnection } from './connection.js'
import type { Publisher } from './publisher.js'
import type { Subjects } from './subjects.js'

const NO_MESSAGE = 10_037
const encoder = new TextEncoder()

/** Orders' logs, one message each on a subject of their own; a write names the one it was made from. */
export function createOrderLogs(
  { jsm }: StreamConnection,
  options: { readonly stream: string; readonly subjects: Subjects; readonly publisher: Publisher },
) {
  const { stream, subjects, publisher } = options
  return {
    /** Asks the stream's leader: what another process wrote a moment ago is in it. */
    readOrderLog: async (orderId: string): Promise<{ readonly log: OrderLog | null; readonly sequence: number }> => {
      try {
        const message = await jsm.streams.getMessage(stream, { last_by_subj: subjects.order(orderId) })
        return { log: orderLogSchema.parse(message.json()), sequence: message.seq }
      } catch (error) {
        if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE) return { log: null, sequence: 0 }
        throw error
      }
    },
    writeOrderLog: async (orderId: string, log: OrderLog, sequence: number): Promise<'stored' | 'conflict'> => {
      const result = await publisher.publish({
        subject: subjects.order(orderId),
        data: encoder.encode(JSON.stringify(log)),
        headers: { 'Nats-Expected-Last-Subject-Sequence': String(sequence) },
      })
      if (result.outcome === 'stored') return 'stored'
      if (result.isConflict) return 'conflict'
      throw new Error(`the order's log was not stored: ${result.reason}`)
    },
  }
}
