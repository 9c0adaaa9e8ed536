// Traces for OpenTelemetry: what happened within what, over processes. Where no endpoint is set nothing is noted and nothing loaded.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Settings } from '../contract/settings.ts';
import type { Attributes, Span } from './span.ts';
import { newSpanId, newTrace, printTraceParent, type TraceContext } from './trace-context.ts';

export type SpanStart = {
  readonly name: string;
  readonly kind: Span['kind'];
  readonly attributes?: Attributes;
  /** Where it belongs; absent: to the span under way, else a trace begins. */
  readonly parent?: TraceContext | null;
};

/** A span that is under way. */
export type OpenSpan = {
  readonly context: TraceContext;
  /** Runs something so that spans begun in it belong to this one. */
  within<Result>(run: () => Result): Result;
  /** Sends it; only the first call counts. The error is a code or a name, never a text that may quote a document. */
  end(more?: { readonly attributes?: Attributes; readonly error?: string | null }): void;
};

export interface Tracer {
  start(start: SpanStart): OpenSpan;
  /** Something that is over, as a part of the span under way, whose attributes it has too. */
  add(span: Omit<Span, 'spanId' | 'traceId' | 'parentSpanId'>): void;
  /** Something that is over and whose place is known. */
  send(span: Span): void;
  /** The span under way. */
  current(): TraceContext | null;
  /** Sends what is left; bounded in time. */
  close(): Promise<void>;
}

/** The span under way, as it is written down for whoever goes on with it elsewhere. */
export function traceParent(tracer: Tracer | null): string | null {
  const current = tracer?.current() ?? null;
  return current === null ? null : printTraceParent(current);
}

/** Null where the settings name no endpoint. */
export async function createTracer(
  settings: Pick<Settings, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS'>,
  service: string,
): Promise<Tracer | null> {
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT === '') return null;
  const { SpanSender } = await import('./span-sender.ts');
  const sender = new SpanSender({
    endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS,
    service,
  });
  return new LiveTracer({ send: (span) => sender.send(span), close: () => sender.close() });
}

export type SpanSink = { readonly send: (span: Span) => void; readonly close: () => Promise<void> };

export class LiveTracer implements Tracer {
  readonly #under = new AsyncLocalStorage<{
    readonly context: TraceContext;
    readonly attributes: Attributes;
  }>();
  readonly #sink: SpanSink;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  start({ name, kind, attributes = {}, parent }: SpanStart): OpenSpan {
    const { context, parentSpanId } = place(parent ?? this.current());
    const startMs = Date.now();
    let isOpen = true;
    return {
      context,
      within: (run) => this.#under.run({ context, attributes }, run),
      end: (more = {}) => {
        if (!isOpen) return;
        isOpen = false;
        const known = { ...context, parentSpanId, name, kind, startMs, endMs: Date.now() };
        this.#sink.send({
          ...known,
          attributes: { ...attributes, ...more.attributes },
          error: more.error ?? null,
        });
      },
    };
  }

  add(span: Omit<Span, 'spanId' | 'traceId' | 'parentSpanId'>): void {
    const { context, parentSpanId } = place(this.current());
    const attributes = { ...this.#under.getStore()?.attributes, ...span.attributes };
    this.#sink.send({ ...span, ...context, parentSpanId, attributes });
  }

  send(span: Span): void {
    this.#sink.send(span);
  }

  current(): TraceContext | null {
    return this.#under.getStore()?.context ?? null;
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

function place(parent: TraceContext | null): { context: TraceContext; parentSpanId: string | null } {
  if (parent === null) return { context: newTrace(), parentSpanId: null };
  return { context: { traceId: parent.traceId, spanId: newSpanId() }, parentSpanId: parent.spanId };
}
