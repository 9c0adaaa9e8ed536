import type { RunObserver } from '../ffmpeg/ended-run.ts';
import type { WorkerTelemetry } from './worker-telemetry.ts';

/** Counts each run of FFmpeg, and adds it to the trace of the activity that it ran for. */
export function observeRuns({ metrics, tracer, log }: WorkerTelemetry): RunObserver {
  return ({ program, outcome, startMs, endMs, mediaSeconds }) => {
    const seconds = (endMs - startMs) / 1000;
    metrics.ffmpegEnded(program, { outcome, seconds, mediaSeconds });
    log.debug({ program, outcome, durationMs: endMs - startMs, mediaSeconds }, 'run');
    tracer?.add({
      name: program,
      kind: 'internal',
      startMs,
      endMs,
      attributes: { 'scenemill.media_seconds': mediaSeconds },
      error: outcome === 'ok' ? null : outcome,
    });
  };
}
