import { describe, expect, it } from 'vitest';
import type { Span } from '../../../telemetry/span.ts';
import { parseTraceParent } from '../../../telemetry/trace-context.ts';
import { createTracer, LiveTracer, traceParent } from '../../../telemetry/tracer.ts';

function recorder(): { readonly tracer: LiveTracer; readonly spans: Span[] } {
  const spans: Span[] = [];
  const tracer = new LiveTracer({ send: (span) => spans.push(span), close: () => Promise.resolve() });
  return { tracer, spans };
}

describe('a tracer', () => {
  it('is not there without an endpoint', async () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_HEADERS: '' };
    expect(await createTracer(settings, 'test')).toBeNull();
    expect(traceParent(null)).toBeNull();
  });

  it('puts what happens within a span below it, over awaits, and beside others that are open', async () => {
    const { tracer, spans } = recorder();
    const work = async (name: string): Promise<void> => {
      const span = tracer.start({ name, kind: 'internal', attributes: { name } });
      await span.within(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        tracer.add({ name: 'run', kind: 'internal', startMs: 1, endMs: 2, attributes: {}, error: null });
      });
      span.end();
    };
    await Promise.all([work('a'), work('b')]);
    for (const parent of spans.filter(({ name }) => name !== 'run')) {
      const [run, ...more] = spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
      expect(more).toEqual([]);
      expect(run).toMatchObject({ name: 'run', traceId: parent.traceId, attributes: { name: parent.name } });
    }
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(2);
  });

  it('goes on with what was written down elsewhere', () => {
    const { tracer, spans } = recorder();
    const first = tracer.start({ name: 'first', kind: 'server' });
    const written = first.within(() => traceParent(tracer));
    tracer.start({ name: 'second', kind: 'consumer', parent: parseTraceParent(written) }).end();
    expect(spans[0]).toMatchObject({ traceId: first.context.traceId, parentSpanId: first.context.spanId });
  });

  it('ends a span once', () => {
    const { tracer, spans } = recorder();
    const span = tracer.start({ name: 'once', kind: 'internal' });
    span.end();
    span.end({ error: 'late' });
    expect(spans).toHaveLength(1);
    expect(spans[0]?.error).toBeNull();
  });
});

describe('a traceparent', () => {
  it.each([
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
    `00-${'G'.repeat(32)}-${'1'.repeat(16)}-01`,
    7,
  ])('that is none is not taken: %s', (text) => expect(parseTraceParent(text)).toBeNull());
});
