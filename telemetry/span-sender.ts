// Sends spans to an OpenTelemetry collector, in bundles, as OTLP over HTTP in JSON. A collector that is away costs spans, never a render.
import { type Attributes, type Span, spanKinds } from './span.ts';

export type SenderOptions = {
  /** As OTEL_EXPORTER_OTLP_ENDPOINT: the base, to which /v1/traces is added. */
  readonly endpoint: string;
  /** As OTEL_EXPORTER_OTLP_HEADERS: "name=value,name=value". */
  readonly headers: string;
  readonly service: string;
};

const SPANS_PER_BUNDLE_MAX = 200;
/** Waiting to be sent, however long the collector does not answer; newer ones are dropped above it. */
export const SPANS_WAITING_MAX = 2_000;
const SEND_EVERY_MS = 1_000;
const ANSWER_MS_MAX = 5_000;
/** What a process that ends waits for its last spans. */
const CLOSE_MS_MAX = 5_000;

export class SpanSender {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #service: string;
  readonly #waiting: Span[] = [];
  readonly #closed = new AbortController();
  /** Null while nothing is being sent. */
  #sending: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ endpoint, headers, service }: SenderOptions) {
    this.#url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    this.#headers = { 'content-type': 'application/json', ...parseHeaders(headers) };
    this.#service = service;
  }

  send(span: Span): void {
    if (this.#waiting.length >= SPANS_WAITING_MAX) return;
    this.#waiting.push(span);
    this.#timer ??= setTimeout(() => this.#flush(), SEND_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    const late = setTimeout(() => this.#closed.abort(), CLOSE_MS_MAX);
    this.#flush();
    await this.#sending;
    clearTimeout(late);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sending ??= this.#sendWaiting().finally(() => {
      this.#sending = null;
    });
  }

  /** One bundle at a time: what a slow collector has not taken yet goes on counting as waiting. */
  async #sendWaiting(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#closed.signal.aborted)
      await this.#post(this.#waiting.splice(0, SPANS_PER_BUNDLE_MAX));
  }

  async #post(spans: readonly Span[]): Promise<void> {
    const body = JSON.stringify(printBundle(this.#service, spans));
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
    // The headers may hold a key, which is for nobody to whom a collector would send us on.
    const options = { method: 'POST', headers: this.#headers, redirect: 'error', signal } as const;
    await fetch(this.#url, { ...options, body })
      .then((response) => response.body?.cancel())
      .catch(() => undefined);
  }
}

function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    }),
  );
}

function printBundle(service: string, spans: readonly Span[]): object {
  const resource = { attributes: printAttributes({ 'service.name': service, 'process.pid': process.pid }) };
  return {
    resourceSpans: [
      { resource, scopeSpans: [{ scope: { name: 'scenemill' }, spans: spans.map(printSpan) }] },
    ],
  };
}

function printSpan({ kind, startMs, endMs, parentSpanId, attributes, error, ...span }: Span): object {
  return {
    ...span,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    kind: spanKinds[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: printAttributes(attributes),
    // 2 is the error of OTLP; what is not set is "unset".
    ...(error === null ? {} : { status: { code: 2, message: error } }),
  };
}

/** A number of nanoseconds is too large for a double, so JSON has it as text. */
function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

function printAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: printValue(value) }],
  );
}

function printValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
