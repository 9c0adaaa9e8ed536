// Phase "uploading": the film under its public name, read back and compared, the minutes booked, the job done.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { RenderError } from '../contract/errors.ts';
import type { MediaData } from '../contract/job.ts';
import { progressWithin } from '../contract/progress.ts';
import type { OutputSpec, RenderPlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { AssembledFilm, JobRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { copyIfThere } from './copy-object.ts';
import { requireSubmission } from './job-submission.ts';
import { removeAll } from './remove-all.ts';
import type { ControlServices } from './services.ts';
import { sideBySide } from './side-by-side.ts';

export async function finalizeFilm(
  services: ControlServices,
  { jobId, film }: JobRef & { readonly film: AssembledFilm },
  run: ActivityRun,
): Promise<void> {
  const [order, plan] = await Promise.all([
    requireSubmission(services.jobs, jobId),
    services.plans.read(jobId, run.signal),
    services.jobs.enterPhase(jobId, 'running', 'uploading', 'uploading'),
  ]);
  // An earlier attempt may have come so far and died before it had tidied up, or before Temporal heard of its end.
  if (order.job.status !== 'done') await completeJob(services, { ...order, plan, film, signal: run.signal });
  await removeAll(services.store, objectKeys.intermediates(jobId));
}

type Completion = Awaited<ReturnType<typeof requireSubmission>> & {
  readonly plan: RenderPlan;
  readonly film: AssembledFilm;
  readonly signal: AbortSignal;
};

async function completeJob(
  services: ControlServices,
  { job, submission, plan, film, signal: stop }: Completion,
): Promise<void> {
  const { jobId } = job;
  await publish(services.store, jobId, stop);
  const outputKey = objectKeys.output(jobId, 'output.mp4');
  const mediaData = describeMedia(film, plan.output);
  const thumbnail = {
    key: objectKeys.output(jobId, 'thumbnail.jpg'),
    sha256: film.thumbnailSha256,
    bytes: null,
  };
  const { title } = submission.movie;
  const facts = { jobId, title, frames: film.frames, ...mediaData, scenes: sceneMarks(plan) };
  await sideBySide(
    stop,
    () => services.jobs.raiseProgress(jobId, progressWithin('uploading', 0.5), 'verifying'),
    (signal) => verifyStored(services.store, { key: outputKey, ...film }, signal),
    (signal) => verifyStored(services.store, thumbnail, signal),
    () => storeMetadata(services.store, jobId, facts),
    // Of the scenes, which are rendered and cached, whatever becomes of the film.
    async () => services.history.record(job.projectId, await services.plans.sources(jobId)),
  );
  await services.jobs.complete(jobId, { outputKey, mediaData });
}

/** A second attempt finds the film published and the intermediates perhaps gone. */
async function publish(store: ObjectStore, jobId: string, signal: AbortSignal): Promise<void> {
  const copies = (['output.mp4', 'thumbnail.jpg'] as const).map((name) =>
    copyIfThere(
      store,
      { from: objectKeys.assembled(jobId, name), to: objectKeys.output(jobId, name) },
      { signal },
    ),
  );
  await Promise.allSettled(copies);
  await Promise.all(copies);
}

async function storeMetadata(store: ObjectStore, jobId: string, metadata: object): Promise<void> {
  const body = Readable.from([Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`)]);
  await store.put(objectKeys.output(jobId, 'metadata.json'), body, { contentType: 'application/json' });
}

type Stored = {
  readonly key: string;
  readonly sha256: string;
  /** Null where the hash alone says it. */
  readonly bytes: number | null;
};

/** The film was checked frame by frame before it was stored; the same bytes in the store are the same film. */
async function verifyStored(
  store: ObjectStore,
  { key, sha256, bytes }: Stored,
  signal: AbortSignal,
): Promise<void> {
  const info = await store.stat(key, { signal });
  if (info === null) throw new RenderError('UPLOAD_FAILED', `${key} is not in the store.`);
  const hash = createHash('sha256');
  for await (const chunk of await store.read(key, { signal })) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found === sha256 && info.bytes === (bytes ?? info.bytes)) return;
  throw new RenderError(
    'VERIFICATION_FAILED',
    `${key} is stored with ${info.bytes} bytes and hash ${found}; what was sent has hash ${sha256}.`,
    {
      retryable: true,
      hint: 'Check the object store.',
    },
  );
}

function describeMedia(film: AssembledFilm, output: OutputSpec): MediaData {
  return {
    duration: film.durationSeconds,
    width: output.width,
    height: output.height,
    fileSize: film.bytes,
    fps: output.fps.num / output.fps.den,
    videoCodec: output.video.codec,
    audioCodec: output.audio.codec,
    sha256: film.sha256,
  };
}

/** Where each scene begins, for players and editors. */
function sceneMarks(plan: RenderPlan): unknown[] {
  return plan.scenes
    .filter((scene) => scene.part.index === 0)
    .map((scene) => ({ sceneId: scene.sceneId, startFrame: scene.startFrame }));
}
