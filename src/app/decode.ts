import type { WorkMessage } from '../stream/worker.js'
import type { Context } from './context.js'

/** A message that is not ours can never be handled: it is told, and let go. */
export function decodeOrDrop<T>(
  decode: () => T,
  message: Pick<WorkMessage, 'sequence' | 'subject'>,
  { loggers }: Context,
): T | undefined {
  try {
    return decode()
  } catch (error) {
    loggers.stream.error(
      { err: error, subject: message.subject, sequence: message.sequence },
      'a message cannot be read and is left out',
    )
    return undefined
  }
}
