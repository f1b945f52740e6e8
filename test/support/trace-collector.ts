import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'protobufjs'

/** The part of opentelemetry-proto (collector/trace/v1, trace/v1) that the tests look at. */
const PROTO = `syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; repeated Link links = 13; Status status = 15;
}
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }`

export type ReceivedSpan = {
  readonly name: string
  /** Hexadecimal. */
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first of a trace. */
  readonly parentSpanId: string
  readonly links: readonly string[]
  /** OTLP's number: 2 server, 3 client, 5 consumer. */
  readonly kind: number
  /** OTLP's number: 2 is an error. */
  readonly status: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
}

/** A collector of traces by OTLP/HTTP: keeps every span it is sent. */
export async function startTraceCollector() {
  const request = parse(PROTO, { keepCase: true }).root.lookupType('ExportTraceServiceRequest')
  const spans: ReceivedSpan[] = []
  const requests: { readonly url: string | undefined; readonly authorization: string | undefined }[] = []
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      requests.push({ url: incoming.url, authorization: incoming.headers.authorization })
      const message = request.toObject(request.decode(Buffer.concat(chunks)), {
        arrays: true,
        objects: true,
        longs: Number,
      })
      spans.push(...spansOf(message as Message))
      answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a port, the address is an object.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    requests,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

type Pair = { readonly key: string; readonly value: Readonly<Record<string, unknown>> }
type Message = {
  readonly resource_spans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] }
    readonly scope_spans: readonly { readonly spans: readonly Encoded[] }[]
  }[]
}
type Encoded = {
  readonly name: string
  readonly kind: number
  readonly trace_id: Buffer
  readonly span_id: Buffer
  readonly parent_span_id?: Buffer
  readonly links: readonly { readonly trace_id: Buffer }[]
  readonly status?: { readonly code?: number }
  readonly attributes: readonly Pair[]
}

function spansOf({ resource_spans }: Message): ReceivedSpan[] {
  return resource_spans.flatMap(({ resource, scope_spans }) =>
    scope_spans.flatMap(({ spans }) =>
      spans.map((span) => ({
        name: span.name,
        kind: span.kind,
        traceId: Buffer.from(span.trace_id).toString('hex'),
        spanId: Buffer.from(span.span_id).toString('hex'),
        parentSpanId: Buffer.from(span.parent_span_id ?? []).toString('hex'),
        links: span.links.map(({ trace_id }) => Buffer.from(trace_id).toString('hex')),
        status: span.status?.code ?? 0,
        attributes: plain(span.attributes),
        resource: plain(resource.attributes),
      })),
    ),
  )
}

function plain(pairs: readonly Pair[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]))
}
