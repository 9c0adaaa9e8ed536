// A collector for OpenTelemetry on loopback: takes OTLP over HTTP in JSON and keeps the spans.
import { createServer } from 'node:http';

export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly service: string;
  readonly seconds: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly isError: boolean;
};

export type TraceReceiver = {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Headers of the requests that came, last first. */
  readonly headers: readonly Readonly<Record<string, string | string[] | undefined>>[];
  readonly close: () => Promise<void>;
};

export async function startTraceReceiver(): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const headers: Record<string, string | string[] | undefined>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      headers.unshift(request.headers);
      if (request.url === '/v1/traces') spans.push(...readSpans(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The part of OTLP that is read here, as the specification writes it in JSON. */
type Bundle = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
};
type WireAttribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
type WireSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly WireAttribute[];
  readonly status?: { readonly code: number };
};

function readSpans(text: string): readonly ReceivedSpan[] {
  const bundle = JSON.parse(text) as Bundle;
  return bundle.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = readAttributes(resource.attributes)['service.name'] ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => readSpan(span, service)));
  });
}

function readSpan(span: WireSpan, service: string): ReceivedSpan {
  const { traceId, spanId, name } = span;
  const nanoseconds = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  return {
    traceId,
    spanId,
    name,
    service,
    parentSpanId: span.parentSpanId ?? null,
    seconds: Number(nanoseconds) / 1e9,
    attributes: readAttributes(span.attributes),
    isError: span.status?.code === 2,
  };
}

function readAttributes(attributes: readonly WireAttribute[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));
}
