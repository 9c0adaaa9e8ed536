// What a worker counts, and the only labels there are: names of ours, never an id or a text of a user's.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { errorCatalogue } from '../contract/errors.ts';
import { createRegistry, seconds } from '../telemetry/registry.ts';
import { countStoreCalls } from '../telemetry/store-metrics.ts';

export type ActivityOutcome = 'completed' | 'failed' | 'cancelled';
type SceneOutcome = 'rendered' | 'cached' | 'failed' | 'cancelled';
type JobOutcome = 'done' | 'failed' | 'cancelled';

/** A run of FFmpeg that has ended. */
type FfmpegRun = {
  readonly outcome: 'ok' | 'failed' | 'aborted';
  readonly seconds: number;
  /** Of picture or sound that it made. */
  readonly mediaSeconds: number;
};

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics() {
  const registry = createRegistry();
  return {
    registry,
    onStoreCall: countStoreCalls(registry),
    ...activityMetrics(registry),
    ...sceneMetrics(registry),
    ...jobMetrics(registry),
    ...ffmpegMetrics(registry),
  };
}

function activityMetrics(registry: Registry) {
  const registers = [registry];
  const wait = new Histogram({
    name: 'scenemill_queue_wait_seconds',
    help: 'From the moment an attempt could start to its start (schedule to start).',
    labelNames: ['queue', 'activity'],
    buckets: [...seconds.work],
    registers,
  });
  const duration = new Histogram({
    name: 'scenemill_activity_seconds',
    help: 'Attempts at activities, by how they ended.',
    labelNames: ['activity', 'outcome'],
    buckets: [...seconds.work],
    registers,
  });
  const running = new Gauge({
    name: 'scenemill_activities_running',
    help: 'Activities at work in this process.',
    labelNames: ['queue'],
    registers,
  });
  return {
    activityStarted: (activity: string, queue: string, waitSeconds: number): void => {
      wait.observe({ queue, activity }, waitSeconds);
      running.inc({ queue });
    },
    activityEnded: (
      activity: string,
      queue: string,
      end: { outcome: ActivityOutcome; seconds: number },
    ): void => {
      duration.observe({ activity, outcome: end.outcome }, end.seconds);
      running.dec({ queue });
    },
  };
}

function sceneMetrics(registry: Registry) {
  const registers = [registry];
  const duration = new Histogram({
    name: 'scenemill_scene_seconds',
    help: "Attempts at scenes' pictures on a media worker, by how they ended.",
    labelNames: ['outcome'],
    buckets: [...seconds.work],
    registers,
  });
  const lookups = new Counter({
    name: 'scenemill_scene_cache_lookups_total',
    help: 'Scenes that a job looked for in the cache at its dispatch, by whether everything of them was there.',
    labelNames: ['result'],
    registers,
  });
  for (const outcome of ['rendered', 'cached', 'failed', 'cancelled']) duration.zero({ outcome });
  lookups.inc({ result: 'hit' }, 0);
  lookups.inc({ result: 'miss' }, 0);
  return {
    sceneEnded: (outcome: SceneOutcome, secondsTaken: number): void =>
      duration.observe({ outcome }, secondsTaken),
    scenesLookedUp: (hits: number, misses: number): void => {
      lookups.inc({ result: 'hit' }, hits);
      lookups.inc({ result: 'miss' }, misses);
    },
  };
}

function jobMetrics(registry: Registry) {
  const registers = [registry];
  const duration = new Histogram({
    name: 'scenemill_job_seconds',
    help: 'Jobs from the start of their workflow to their end, by how they ended.',
    labelNames: ['outcome'],
    buckets: [...seconds.jobs],
    registers,
  });
  const failures = new Counter({
    name: 'scenemill_job_failures_total',
    help: 'Failed jobs by error code.',
    labelNames: ['code'],
    registers,
  });
  // From the start, so that the first one of each shows as a rise.
  for (const outcome of ['done', 'failed', 'cancelled']) duration.zero({ outcome });
  for (const code of Object.keys(errorCatalogue)) failures.inc({ code }, 0);
  return {
    jobEnded: (outcome: JobOutcome, secondsTaken: number, code: string | null): void => {
      duration.observe({ outcome }, secondsTaken);
      if (code !== null) failures.inc({ code });
    },
  };
}

function ffmpegMetrics(registry: Registry) {
  const registers = [registry];
  const runs = new Counter({
    name: 'scenemill_ffmpeg_runs_total',
    help: 'Runs of FFmpeg and FFprobe, by program and how they ended.',
    labelNames: ['program', 'outcome'],
    registers,
  });
  const wall = new Counter({
    name: 'scenemill_ffmpeg_seconds_total',
    help: 'Time that FFmpeg ran.',
    registers,
  });
  const media = new Counter({
    name: 'scenemill_ffmpeg_media_seconds_total',
    help: 'Length of what FFmpeg made.',
    registers,
  });
  const speed = new Histogram({
    name: 'scenemill_ffmpeg_speed_ratio',
    help: 'Length of what a run of FFmpeg made, by the time it took: 2 is twice real time.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  return {
    ffmpegEnded: (program: 'ffmpeg' | 'ffprobe', run: FfmpegRun): void => {
      runs.inc({ program, outcome: run.outcome });
      if (program !== 'ffmpeg') return;
      wall.inc(run.seconds);
      media.inc(run.mediaSeconds);
      if (run.outcome === 'ok' && run.mediaSeconds > 0 && run.seconds > 0)
        speed.observe(run.mediaSeconds / run.seconds);
    },
  };
}
