import type { AttemptedFact } from '../domain/activity.js'
import type { Webhook } from '../domain/client.js'
import type { Delivery } from '../domain/delivery.js'
import type { ReceivedEvent } from '../domain/event.js'
import type { TracedSpan, Tracing } from '../observability/tracing.js'
import type { AttemptTrace } from '../processors/deliver/deliver.js'
import type { DispatchOutcome, DispatchPorts } from '../processors/dispatch/dispatch.js'

/**
 * The spans of an event, one trace from the platform's request to the client's answer:
 *
 * receive (ingress) ── dispatch ──┬── deliver, attempt 1
 *                                 └── deliver, attempt 2 …
 *
 * Between processes the context goes as `traceparent` in the messages' headers.
 */
export function traceReceive(tracing: Tracing, event: ReceivedEvent, theirs: string | undefined): TracedSpan {
  return tracing.start('receive', {
    kind: 'server',
    // A platform's own trace is linked, not continued: whether and where ours is kept is not for a stranger to say.
    link: theirs,
    startedAtMs: Date.parse(event.receivedAt),
    attributes: { ...attributesOf(event), 'http.request.method': event.method },
  })
}

/** Runs it in a span that its deliveries go on with. */
export async function traceDispatch(
  tracing: Tracing,
  of: { readonly event: ReceivedEvent; readonly parent: string | undefined; readonly ports: DispatchPorts },
  run: (ports: DispatchPorts) => Promise<DispatchOutcome>,
): Promise<DispatchOutcome> {
  const { event, parent, ports } = of
  const span = tracing.start('dispatch', { kind: 'consumer', parent, attributes: attributesOf(event) })
  const { traceparent } = span
  try {
    const dispatched = await run({ ...ports, enqueue: (delivery) => ports.enqueue({ ...delivery, traceparent }) })
    span.end({ 'orderwire.outcome': dispatched.outcome })
    return dispatched
  } catch (error) {
    span.end({}, error instanceof Error ? error.message : String(error))
    throw error
  }
}

/** The client's system may go on with it: its `traceparent` is sent with the delivery. */
export function traceAttempt(tracing: Tracing, delivery: Delivery, { id, url }: Webhook): AttemptTrace {
  const { event, attempt, trigger, traceparent } = delivery
  const span = tracing.start('deliver', {
    kind: 'client',
    parent: traceparent,
    attributes: {
      ...attributesOf({ ...event, eventId: event.id, eventType: event.source.eventType }),
      'orderwire.webhook_id': id,
      'orderwire.attempt': attempt,
      'orderwire.trigger': trigger,
      'http.request.method': 'POST',
      'server.address': new URL(url).hostname,
    },
  })
  return {
    headers: { traceparent: span.traceparent },
    end: ({ result, response, nextAttemptAt, deadReason }: AttemptedFact) =>
      span.end(
        {
          'orderwire.result': result,
          ...(response.statusCode !== null && { 'http.response.status_code': response.statusCode }),
          ...(nextAttemptAt !== null && { 'orderwire.next_attempt_at': nextAttemptAt }),
          ...(deadReason !== null && { 'orderwire.dead_reason': deadReason }),
        },
        result === 'delivered' ? undefined : (response.error ?? `HTTP ${response.statusCode}`),
      ),
  }
}

function attributesOf(event: Pick<ReceivedEvent, 'eventId' | 'provider' | 'clientId' | 'eventType'>) {
  return {
    'orderwire.event_id': event.eventId,
    'orderwire.provider': event.provider,
    'orderwire.client_id': event.clientId,
    'orderwire.event_type': event.eventType,
  }
}
