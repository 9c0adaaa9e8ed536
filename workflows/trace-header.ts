// The place in a trace as it travels in Temporal's headers, from the one who starts a workflow to its activities.
import { defaultPayloadConverter, type Headers } from '@temporalio/common';

export type TracePlace = { readonly traceId: string; readonly spanId: string };

const headerName = 'traceparent';

export function readTraceHeader(headers: Headers): TracePlace | null {
  const payload = headers[headerName];
  if (payload === undefined) return null;
  const text: unknown = defaultPayloadConverter.fromPayload(payload);
  const [, traceId, spanId] =
    (typeof text === 'string' ? /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(text) : null) ?? [];
  return traceId === undefined || spanId === undefined ? null : { traceId, spanId };
}

export function withTraceHeader(headers: Headers, { traceId, spanId }: TracePlace): Headers {
  return { ...headers, [headerName]: defaultPayloadConverter.toPayload(`00-${traceId}-${spanId}-01`) };
}
