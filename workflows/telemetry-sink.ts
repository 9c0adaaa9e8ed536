// What workflow code tells the worker it runs in, for logs, metrics and traces.
import type { Sinks } from '@temporalio/workflow';

export type EndedWorkflow = {
  readonly outcome: 'done' | 'failed' | 'cancelled' | 'continued';
  /** Of a failure. */
  readonly code: string | null;
  /** When this run began, and when the first run of the same workflow did. */
  readonly runStartMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The span of this run and the one it belongs to; null where nobody traces. */
  readonly trace: { readonly traceId: string; readonly spanId: string; readonly parentSpanId: string } | null;
};

export interface TelemetrySinks extends Sinks {
  telemetry: { ended(workflow: EndedWorkflow): void };
}
