import type { OrderLog } from '../../src/domain/order-log.js'
import type { OrderLogPorts } from '../../src/processors/dispatch/track-order.js'

/** Orders' logs in memory, refusing a write made from an old one as the stream does. */
export function memoryOrderLogs(): OrderLogPorts {
  const stored = new Map<string, { readonly log: OrderLog; readonly sequence: number }>()
  let last = 0
  return {
    readOrderLog: async (orderId) => stored.get(orderId) ?? { log: null, sequence: 0 },
    writeOrderLog: async (orderId, log, sequence) => {
      if ((stored.get(orderId)?.sequence ?? 0) !== sequence) return 'conflict'
      last += 1
      stored.set(orderId, { log, sequence: last })
      return 'stored'
    },
  }
}
