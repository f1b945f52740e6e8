import { type DispatchPorts, dispatch } from '../processors/dispatch/dispatch.js'
import type { RightOfWay } from '../processors/right-of-way.js'
import { decodeReceived, EVENT_HEADER, TRACE_HEADER } from '../stream/codec.js'
import type { ConsumerPlace } from '../stream/topology.js'
import { type Settlement, startWorker, type Worker, type WorkMessage } from '../stream/worker.js'
import type { Context } from './context.js'
import { decodeOrDrop } from './decode.js'
import { traceDispatch } from './tracing.js'

const CONCURRENCY = 256
/** In each lane of what exceeds clients' shares: few, so that they never make the others wait for a large commit. */
const OVERFLOW_CONCURRENCY = 4
const DONE: Settlement = { settle: 'done' }

/** The dispatching half of the processors role: clients within their share first, what exceeds one in the gaps. */
export function startDispatching(
  context: Context,
  ports: DispatchPorts,
  rightOfWay: RightOfWay,
): { stop(drainMs: number): Promise<void> } {
  const { connection, topology, loggers } = context
  const start = ({ stream, config }: ConsumerPlace, concurrency: number, isOverShare: boolean): Worker =>
    startWorker(connection, {
      stream,
      durable: config.durable_name,
      concurrency,
      handle: (message) => rightOfWay.take(isOverShare, () => dispatchOne(context, message, isOverShare, ports)),
      onError: (error, where) => loggers.dispatch.warn({ err: error, where }, 'dispatch could not go on; trying again'),
    })
  const { dispatch: withinShare, dispatchOverflow } = topology.consumers
  const workers = [
    start(withinShare, CONCURRENCY, false),
    ...dispatchOverflow.map((lane) => start(lane, OVERFLOW_CONCURRENCY, true)),
  ]
  return {
    stop: async (drainMs) => {
      await Promise.all(workers.map((worker) => worker.stop(drainMs)))
    },
  }
}

async function dispatchOne(
  context: Context,
  message: WorkMessage,
  isOverShare: boolean,
  ports: DispatchPorts,
): Promise<Settlement> {
  const { loggers, tracing } = context
  const event = decodeOrDrop(() => decodeReceived(message.header(EVENT_HEADER) ?? '', message.data), message, context)
  if (event === undefined) return DONE
  const place = { sequence: message.sequence, tries: message.deliveryCount - 1, isOverShare }
  const dispatched =
    tracing === undefined
      ? await dispatch(event, place, ports)
      : await traceDispatch(tracing, { event, parent: message.header(TRACE_HEADER), ports }, (traced) =>
          dispatch(event, place, traced),
        )
  if (dispatched.outcome !== 'again') return DONE
  const { reason, delayMs } = dispatched
  loggers.dispatch.warn({ eventId: event.eventId, reason, delayMs }, 'an order cannot be fetched yet; trying again')
  return { settle: 'again', delayMs }
}
