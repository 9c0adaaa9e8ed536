// Around every activity: a line in the log, a span in the trace, and what Prometheus is told. Activities know nothing of it.
import type { Context, Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { DispatchedScenes, PlannedJob, RenderedScene } from '../workflows/activity-types.ts';
import { readTraceHeader } from '../workflows/trace-header.ts';
import type { ActivityOutcome, WorkerMetrics } from './worker-metrics.ts';
import type { WorkerTelemetry } from './worker-telemetry.ts';

/** What is known of an attempt before it has run: ids, names and numbers only. */
type Attempt = {
  readonly ids: {
    readonly jobId: string | null;
    readonly assetId: string | null;
    /** Plan index. */
    readonly scene: number | null;
    readonly activity: string;
    readonly activityId: string;
    readonly attempt: number;
  };
  readonly queue: string;
  readonly waitSeconds: number;
};

type End = { readonly outcome: ActivityOutcome; readonly seconds: number; readonly code: string | null };

export function observeActivities({ metrics, log, tracer }: WorkerTelemetry): ActivityInterceptorsFactory {
  return (context: Context) => ({
    inbound: {
      execute: async (input, next) => {
        const attempt = describeAttempt(context.info, input.args);
        const { activity } = attempt.ids;
        const parent = readTraceHeader(input.headers);
        const span = tracer?.start({
          name: activity,
          kind: 'consumer',
          attributes: spanAttributes(attempt),
          parent,
        });
        const begun = performance.now();
        metrics.activityStarted(activity, attempt.queue, attempt.waitSeconds);
        const ended = (error: unknown, result: unknown): void => {
          const end = { ...describeEnd(error), seconds: (performance.now() - begun) / 1000 };
          metrics.activityEnded(activity, attempt.queue, end);
          countScenes(metrics, { activity, end, result });
          span?.end({ error: end.code });
          writeLine(log, { attempt, end, error });
        };
        try {
          const result = await (span === undefined ? next(input) : span.within(() => next(input)));
          ended(null, result);
          return result;
        } catch (error) {
          ended(error, null);
          throw error;
        }
      },
    },
  });
}

function describeAttempt(info: Info, args: readonly unknown[]): Attempt {
  const [input] = args as readonly [Readonly<Record<string, unknown>>?];
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const waitMs = Date.now() - info.currentAttemptScheduledTimestampMs;
  return {
    ids: {
      jobId: text(input?.jobId),
      assetId: text(input?.assetId),
      scene: typeof input?.index === 'number' ? input.index : null,
      activity: info.activityType,
      activityId: info.activityId,
      attempt: info.attempt,
    },
    queue: info.taskQueue,
    // Clocks of two machines may differ a little.
    waitSeconds: Math.max(0, waitMs / 1000),
  };
}

function spanAttributes({ ids, queue, waitSeconds }: Attempt) {
  return {
    'scenemill.job': ids.jobId,
    'scenemill.asset': ids.assetId,
    'scenemill.scene': ids.scene,
    'scenemill.attempt': ids.attempt,
    'scenemill.activity_id': ids.activityId,
    'scenemill.queue': queue,
    'scenemill.wait_seconds': waitSeconds,
  };
}

function describeEnd(error: unknown): Omit<End, 'seconds'> {
  if (error === null) return { outcome: 'completed', code: null };
  if (error instanceof CancelledFailure) return { outcome: 'cancelled', code: null };
  const code = error instanceof ApplicationFailure ? error.type : null;
  return { outcome: 'failed', code: code ?? 'INTERNAL' };
}

type EndedScenes = { readonly activity: string; readonly end: End; readonly result: unknown };

/** The results of our own activities, by the interface that they implement. */
function countScenes(metrics: WorkerMetrics, { activity, end, result }: EndedScenes): void {
  for (const outcome of sceneOutcomes({ activity, end, result })) {
    metrics.sceneEnded(outcome.kind, end.seconds / outcome.of);
  }
  const dispatched = end.outcome === 'completed' ? dispatchedBy(activity, result) : undefined;
  if (dispatched === undefined) return;
  const { cached, pictures, sounds } = dispatched;
  metrics.scenesLookedUp(cached, new Set([...pictures, ...sounds]).size);
}

/** The first round with the plan, each later one by itself. */
function dispatchedBy(activity: string, result: unknown): DispatchedScenes | undefined {
  if (activity === 'compilePlan') return (result as PlannedJob).dispatched;
  return activity === 'dispatchScenes' ? (result as DispatchedScenes) : undefined;
}

/** One for each scene of the activity that was finished; where it was not, there is one that it failed on. */
function sceneOutcomes({ activity, end, result }: EndedScenes): readonly SceneOutcome[] {
  if (activity !== 'renderScene' && activity !== 'renderScenes') return [];
  if (end.outcome !== 'completed') return [{ kind: end.outcome, of: 1 }];
  const scenes = [result as RenderedScene | readonly RenderedScene[]].flat();
  return scenes.map(({ wasCached }) => ({ kind: wasCached ? 'cached' : 'rendered', of: scenes.length }));
}

type SceneOutcome = { readonly kind: Parameters<WorkerMetrics['sceneEnded']>[0]; readonly of: number };

type Line = { readonly attempt: Attempt; readonly end: End; readonly error: unknown };

function writeLine(log: WorkerTelemetry['log'], { attempt, end, error }: Line): void {
  const { outcome, code } = end;
  const ms = (seconds: number): number => Math.round(seconds * 1000);
  const known = Object.entries(attempt.ids).filter(([, value]) => value !== null);
  const line = {
    ...Object.fromEntries(known),
    outcome,
    durationMs: ms(end.seconds),
    waitMs: ms(attempt.waitSeconds),
    ...(code === null ? {} : { code, err: error }),
  };
  log[outcome === 'failed' ? 'warn' : 'info'](line, 'activity');
}
