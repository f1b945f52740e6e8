import { randomId } from '../domain/ids.js'
import type { Route } from '../http/http.js'
import { createRejectionBudget } from '../ingress/rejection-budget.js'
import { createIngressRoute } from '../ingress/route.js'
import { createShares } from '../ingress/shares.js'
import { tellFact, tellReceived } from '../observability/events.js'
import { EVENT_HEADER, encodeFact, encodeReceived, TRACE_HEADER } from '../stream/codec.js'
import type { Context } from './context.js'
import { traceReceive } from './tracing.js'

/** The ingress role: the route platforms send to. */
export function createIngress(context: Context): Route {
  const { config, publishers, topology, directory, tracing, now } = context
  const budget = createRejectionBudget()
  const shares = createShares(config.rateLimit)
  return createIngressRoute(
    {
      providers: context.providers,
      findClient: directory.find,
      store: (event, request) => {
        const { header, data } = encodeReceived(event)
        tellReceived(context.loggers.events, event)
        const { webhook, webhookOverflow } = topology.subjects
        const limit = directory.find(event.clientId)?.settings.security.rateLimiting
        const subjectOf = shares.exceeds(event.clientId, limit, performance.now()) ? webhookOverflow : webhook
        const subject = subjectOf(event.provider, event.clientId, event.eventId)
        if (tracing === undefined)
          return publishers.webhooks.publish({ subject, data, headers: { [EVENT_HEADER]: header } })
        const span = traceReceive(tracing, event, request.header(TRACE_HEADER))
        const headers = { [EVENT_HEADER]: header, [TRACE_HEADER]: span.traceparent }
        return publishers.webhooks.publish({ subject, data, headers }).then((stored) => {
          span.end({}, stored.outcome === 'unavailable' ? stored.reason : undefined)
          return stored
        })
      },
      recordRejection: (rejection) => {
        const at = now()
        if (!budget.spend(rejection.clientId, at.getTime())) return
        const fact = {
          v: 1,
          kind: 'rejected',
          at: at.toISOString(),
          eventId: randomId('rej'),
          eventType: 'rejected',
          ...rejection,
        } as const
        tellFact(context.loggers.events, fact)
        // Best effort: the platform's answer does not wait for the log of its refusal.
        void publishers.activity.publish({
          subject: topology.subjects.activity(rejection.clientId, 'rejected'),
          data: encodeFact(fact),
        })
      },
      now,
    },
    { maxPayloadBytes: config.maxPayloadBytes, allowedIps: config.allowedIps, onAnswer: context.metrics.answered },
  )
}
