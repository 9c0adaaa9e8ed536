// Around every workflow: hands the trace on to its activities, names its timer, and tells the worker how it ended.
import {
  ApplicationFailure,
  ContinueAsNew,
  isCancellation,
  proxySinks,
  type WorkflowInterceptors,
  workflowInfo,
} from '@temporalio/workflow';
import type { EndedWorkflow, TelemetrySinks } from './telemetry-sink.ts';
import { readTraceHeader, type TracePlace, withTraceHeader } from './trace-header.ts';

const { telemetry } = proxySinks<TelemetrySinks>();

/** The bundler looks for this name. */
export function interceptors(): WorkflowInterceptors {
  let parent: TracePlace | null = null;
  const place = (): TracePlace | null =>
    parent === null ? null : { traceId: parent.traceId, spanId: ownSpanId() };
  const tell = (error: unknown): void => {
    const own = place();
    const trace = own === null || parent === null ? null : { ...own, parentSpanId: parent.spanId };
    telemetry.ended({ ...describeEnd(error), ...times(), trace });
  };
  return {
    inbound: [
      {
        execute: async (input, next) => {
          parent = readTraceHeader(input.headers);
          try {
            const result = await next(input);
            tell(null);
            return result;
          } catch (error) {
            tell(error);
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input, place())),
        continueAsNew: (input, next) => next(traced(input, place())),
        startTimer: (input, next) => next({ ...input, options: { summary: timerSummary, ...input.options } }),
      },
    ],
  };
}

/** Our workflows set one timer: the bound of the whole job. */
const timerSummary = "the job's time limit";

function traced<Input extends { readonly headers: Parameters<typeof withTraceHeader>[0] }>(
  input: Input,
  place: TracePlace | null,
): Input {
  return place === null ? input : { ...input, headers: withTraceHeader(input.headers, place) };
}

/** The same each time the workflow is replayed: made of the id of the run, which is random. */
function ownSpanId(): string {
  return workflowInfo().runId.replaceAll('-', '').slice(-16);
}

function times(): Pick<EndedWorkflow, 'runStartMs' | 'startMs' | 'endMs'> {
  const { startTime, runStartTime } = workflowInfo();
  return { startMs: startTime.getTime(), runStartMs: runStartTime.getTime(), endMs: Date.now() };
}

function describeEnd(error: unknown): Pick<EndedWorkflow, 'outcome' | 'code'> {
  if (error === null) return { outcome: 'done', code: null };
  if (error instanceof ContinueAsNew) return { outcome: 'continued', code: null };
  if (isCancellation(error)) return { outcome: 'cancelled', code: null };
  const code = error instanceof ApplicationFailure ? error.type : null;
  return { outcome: 'failed', code: code ?? 'INTERNAL' };
}
