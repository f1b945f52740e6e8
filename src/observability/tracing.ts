import type { Attributes, Link, Span } from '@opentelemetry/api'

/** Where spans go. `url` is that of the collector's traces, by OTLP/HTTP with protobuf. */
export type TracingOptions = {
  readonly url: string
  /** Sent with every export. They may hold a token. */
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  /** Share of traces that are kept, 0…1, decided where a trace begins. */
  readonly ratio: number
  /** Names this process. */
  readonly instance: string
  /** Told when spans could not be handed over; they are lost, and nothing else is. */
  onError(error: unknown): void
}

export type SpanStart = {
  /** What the process does: answers a request, works on a message, sends a request. */
  readonly kind: 'server' | 'consumer' | 'client'
  /** W3C `traceparent` of the span it is part of; without one, or with one that cannot be read, it begins a trace. */
  readonly parent?: string | undefined
  /** W3C `traceparent` of a span of somebody else that it has to do with. */
  readonly link?: string | undefined
  /** Milliseconds since 1970; now unless given. */
  readonly startedAtMs?: number
  /** Ids and words of our own: never a payload or a secret. */
  readonly attributes: Attributes
}

/** A span under way. It is sent only once it has ended. */
export type TracedSpan = {
  /** For what is done in it elsewhere. */
  readonly traceparent: string
  /** @param failure why it failed; undefined when it did not */
  end(attributes?: Attributes, failure?: string): void
}

export type Tracing = {
  start(name: string, options: SpanStart): TracedSpan
  /** Sends what waits, at most two seconds. */
  close(): Promise<void>
}

const EXPORT_EVERY_MS = 1_000
const EXPORT_TIMEOUT_MS = 5_000
const CLOSE_MS = 2_000
/** Spans that wait to be sent; beyond these, new ones are dropped. */
const MAX_QUEUED_SPANS = 8_192

/**
 * Opens traces by OpenTelemetry. The SDK is loaded only here and only then, patches nothing, and is not the global one: what
 * is traced is what asks `start`.
 */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const [api, core, { OTLPTraceExporter }, { defaultResource, resourceFromAttributes }, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
  ])
  const { url, headers, serviceName, instance, ratio, onError } = options
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS })
  const told = {
    export: (spans: Parameters<typeof exporter.export>[0], done: Parameters<typeof exporter.export>[1]) =>
      exporter.export(spans, (result) => {
        if (result.code !== core.ExportResultCode.SUCCESS) onError(result.error)
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  }
  const provider = new sdk.TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instance }),
    ),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: told,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        maxQueueSize: MAX_QUEUED_SPANS,
      }),
    ],
  })
  const tracer = provider.getTracer('orderwire')
  const kinds = { server: api.SpanKind.SERVER, consumer: api.SpanKind.CONSUMER, client: api.SpanKind.CLIENT }
  const linkTo = (traceparent: string | undefined): Link[] => {
    const context = traceparent === undefined ? null : core.parseTraceParent(traceparent)
    return context === null ? [] : [{ context }]
  }
  return {
    start: (name, { kind, parent, link, startedAtMs, attributes }) => {
      const context = parent === undefined ? null : core.parseTraceParent(parent)
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes,
          links: linkTo(link),
          ...(startedAtMs !== undefined && { startTime: startedAtMs }),
        },
        context === null
          ? api.ROOT_CONTEXT
          : api.trace.setSpanContext(api.ROOT_CONTEXT, { ...context, isRemote: true }),
      )
      return {
        traceparent: traceparentOf(span),
        end: (more, failure) => {
          if (more !== undefined) span.setAttributes(more)
          if (failure !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: failure })
          span.end()
        },
      }
    },
    close: async () => {
      // A collector that is away must not hold up the end of the process.
      await Promise.race([
        provider.shutdown().catch(onError),
        new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref()),
      ])
    },
  }
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
