import { randomId } from '../domain/ids.js'
import type { Route } from '../http/http.js'
import { createRejectionBudget } from '../ingress/rejection-budget.js'
import { createIngressRoute } from '../ingress/route.js'
import { tellFact, tellReceived } from '../observability/events.js'
import { EVENT_HEADER, encodeFact, encodeReceived } from '../stream/codec.js'
import type { Context } from './context.js'

/** The ingress role: the route platforms send to. */
export function createIngress(context: Context): Route {
  const { config, publishers, topology, directory, now } = context
  const budget = createRejectionBudget()
  return createIngressRoute(
    {
      providers: context.providers,
      findClient: directory.find,
      store: (event) => {
        const { header, data } = encodeReceived(event)
        tellReceived(context.loggers.events, event)
        const subject = topology.subjects.webhook(event.provider, event.clientId, event.eventId)
        return publishers.webhooks.publish({ subject, data, headers: { [EVENT_HEADER]: header } })
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
