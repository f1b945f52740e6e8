import type { Fact } from '../domain/activity.js'
import type { ReceivedEvent } from '../domain/event.js'
import type { Logger } from './logger.js'

/**
 * Business events as log lines, one each, found together by `event` (the event's id). No payload, no header, no secret,
 * no address of a guest. What goes well is told at debug, for it comes a thousand times a second; what does not, at info.
 */
export function tellReceived(logger: Logger, received: ReceivedEvent): void {
  if (!logger.isLevelEnabled('debug')) return
  const { eventId: event, provider, clientId, eventType } = received
  logger.debug({ event, provider, clientId, eventType }, 'webhook processing: event received')
}

/** A fact that is durable. A partner's failure is a fact like any other, and no warning. */
export function tellFact(logger: Logger, fact: Fact): void {
  const { eventId: event, provider, clientId, eventType } = fact
  const about = { event, provider, clientId, eventType }
  switch (fact.kind) {
    case 'dispatched':
      return logger.debug(
        { ...about, type: fact.event.type, webhooks: fact.webhookIds.length },
        'webhook processing: event dispatched',
      )
    case 'duplicate':
      return logger.debug(about, 'webhook processing: event sent again')
    case 'rejected':
      return logger.info({ ...about, code: fact.code, status: fact.statusCode }, 'webhook processing failed: rejected')
    case 'attempted': {
      const { webhookId, attempt, trigger, result, nextAttemptAt, deadReason } = fact
      const { statusCode: status, responseTimeMs: ms } = fact.response
      const made = { ...about, webhookId, attempt, trigger, status, ms }
      if (result === 'delivered') return logger.debug(made, 'webhook processing completed: delivered')
      if (result === 'retrying')
        return logger.info({ ...made, nextAttemptAt }, 'webhook processing failed: attempt, to be tried again')
      return logger.info({ ...made, deadReason }, 'webhook processing failed: given up')
    }
  }
}
