import type { InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import { workflowNames } from '../contract/names.ts';
import type { EndedWorkflow, TelemetrySinks } from '../workflows/telemetry-sink.ts';
import type { WorkerTelemetry } from './worker-telemetry.ts';

/** What workflow code calls when a workflow has ended. Called again only where the server did not take its last answer. */
export function observeWorkflows(telemetry: WorkerTelemetry): InjectedSinks<TelemetrySinks> {
  return {
    telemetry: {
      ended: {
        fn: (info, ended) => {
          sendSpan(telemetry, info, ended);
          if (info.workflowType === workflowNames.renderMovie) tellJob(telemetry, info, ended);
        },
      },
    },
  };
}

function tellJob({ metrics, log }: WorkerTelemetry, info: WorkflowInfo, ended: EndedWorkflow): void {
  const { outcome, code } = ended;
  const durationMs = ended.endMs - ended.startMs;
  const line = {
    jobId: jobIdOf(info),
    runId: info.runId,
    outcome,
    durationMs,
    ...(code === null ? {} : { code }),
  };
  log[outcome === 'failed' ? 'warn' : 'info'](line, 'job');
  // It goes on in another run.
  if (outcome !== 'continued') metrics.jobEnded(outcome, durationMs / 1000, code);
}

function sendSpan({ tracer }: WorkerTelemetry, info: WorkflowInfo, ended: EndedWorkflow): void {
  if (ended.trace === null) return;
  tracer?.send({
    ...ended.trace,
    name: info.workflowType,
    kind: 'internal',
    startMs: ended.runStartMs,
    endMs: ended.endMs,
    attributes: {
      'scenemill.job': jobIdOf(info),
      'scenemill.run': info.runId,
      'scenemill.outcome': ended.outcome,
    },
    error: ended.code,
  });
}

/** The workflow's id is the job's (or the asset's) with a word before it. */
function jobIdOf({ workflowId }: WorkflowInfo): string {
  return workflowId.slice(workflowId.indexOf('-') + 1);
}
