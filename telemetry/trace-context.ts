// Where in a trace something happens, as W3C writes it: `traceparent: 00-<trace>-<span>-01`.
import { randomBytes } from 'node:crypto';

export type TraceContext = { readonly traceId: string; readonly spanId: string };

export function newTrace(): TraceContext {
  return { traceId: randomBytes(16).toString('hex'), spanId: newSpanId() };
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

export function printTraceParent({ traceId, spanId }: TraceContext): string {
  return `00-${traceId}-${spanId}-01`;
}

/** Null for whatever is not one: it comes from callers and from rows of other versions. */
export function parseTraceParent(text: unknown): TraceContext | null {
  if (typeof text !== 'string') return null;
  const [, traceId, spanId] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined) return null;
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? null : { traceId, spanId };
}
