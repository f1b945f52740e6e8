import type { DeliveryPriority } from '../domain/delivery.js'
import type { TakePorts } from '../processors/deliver/take.js'
import { decodeFact } from '../stream/codec.js'
import { lastMessage } from '../stream/direct-get.js'
import type { DeliveryAddress } from '../stream/subjects.js'
import type { Context } from './context.js'

/** What dispatch queues an order's events as: within their client's share, and beyond it. */
const DISPATCHED_AS: readonly DeliveryPriority[] = ['medium', 'low']

/** What became of deliveries: the last facts of their attempts in ACTIVITY, and whether DELIVERIES has them. */
export function traceDeliveries({ connection, topology }: Context): Pick<TakePorts, 'trace' | 'isQueued'> {
  const { subjects, streams } = topology
  const factOf = async (subject: string) => {
    const message = await lastMessage(connection, streams.activity.name, subject)
    const fact = message === null ? null : decodeFact(message.data)
    return fact?.kind === 'attempted' ? fact : null
  }
  const isThere = async (subject: string) => (await lastMessage(connection, streams.deliveries.name, subject)) !== null
  const isReady = async (address: Omit<DeliveryAddress, 'priority'>): Promise<boolean> => {
    // The one before may have come while its client was within its share.
    const found = await Promise.all(
      DISPATCHED_AS.map((priority) => isThere(subjects.deliveryReady({ ...address, priority }))),
    )
    return found.includes(true)
  }
  return {
    trace: async ({ webhookId, event: { clientId } }, eventId) => {
      const [automatic, byHand] = await Promise.all([
        factOf(subjects.attempted({ clientId, webhookId, eventId, trigger: 'automatic' })),
        factOf(subjects.attempted({ clientId, webhookId, eventId, trigger: 'manual' })),
      ])
      return { automatic, byHand }
    },
    isQueued: async ({ webhookId }, eventId) => {
      const address = { webhookId, eventId, trigger: 'automatic' } as const
      return (await isReady(address)) || (await isThere(subjects.deliveryScheduled(address)))
    },
  }
}
