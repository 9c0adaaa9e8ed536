// Phase "assembling": the clips of the scenes and the programme's sound become one film, checked before it is stored.
import { progressWithin } from '../contract/progress.ts';
import { joinFilm } from '../ffmpeg/join-film.ts';
import { makeThumbnail } from '../ffmpeg/make-thumbnail.ts';
import { verifyFilm } from '../ffmpeg/verify-film.ts';
import type { RenderPlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { AssembledFilm, AssembleOutcome, JobRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import type { Assembly } from './assembly.ts';
import { DamagedClips } from './damaged-clips.ts';
import { fetchClips } from './fetch-clips.ts';
import { provideProgramme } from './provide-programme.ts';
import { ProgressReporter } from './scene-progress.ts';
import type { MediaServices } from './services.ts';

const thumbnailWidthMax = 640;

export async function assembleFilm(
  services: MediaServices,
  { jobId }: JobRef,
  run: ActivityRun,
): Promise<AssembleOutcome> {
  const plan = await services.plans.read(jobId);
  const folder = await services.scratch.open(jobId, `assemble_${run.attempt}`);
  try {
    return { kind: 'assembled', film: await assemble(services, { jobId, plan, folder, run }) };
  } catch (error) {
    if (!(error instanceof DamagedClips)) throw error;
    await services.jobs.reopenScenes(jobId, error.indices);
    return { kind: 'damaged', indices: error.indices };
  } finally {
    await folder.remove();
  }
}

async function assemble(services: MediaServices, assembly: Assembly): Promise<AssembledFilm> {
  const { jobId, plan, folder, run } = assembly;
  const clips = plan.scenes.map(({ index, pictureKey }) => ({ index, key: pictureKey }));
  const clipPaths = await fetchClips(services, assembly, { kind: 'picture', clips });
  await folder.check();
  const programmePath = await provideProgramme(services, assembly);
  const reporter = new ProgressReporter((progress, stage) =>
    services.jobs.raiseProgress(jobId, progressWithin('assembling', progress), stage),
  );
  const outputPath = folder.path('output.mp4');
  await joinFilm(services.ffmpeg, {
    clips: plan.scenes.map(({ index, frames }) => ({ path: clipPaths.get(index) ?? '', frames })),
    programmePath,
    output: plan.output,
    workDir: folder.dir,
    outputPath,
    signal: run.signal,
    onProgress: ({ frame }) => reporter.report(frame / plan.totalFrames, 'encoding'),
  });
  await folder.check();
  const film = await verifyFilm(services.ffmpeg, {
    path: outputPath,
    plan: filmPlan(plan),
    signal: run.signal,
  });
  const thumbnailPath = folder.path('thumbnail.jpg');
  await makeThumbnail(services.ffmpeg, {
    filmPath: outputPath,
    atSeconds: film.durationSeconds / 3,
    widthMax: thumbnailWidthMax,
    outputPath: thumbnailPath,
    signal: run.signal,
  });
  await reporter.settled();
  await services.store.putFile(objectKeys.assembled(jobId, 'thumbnail.jpg'), thumbnailPath, {
    contentType: 'image/jpeg',
    signal: run.signal,
  });
  const stored = await services.store.putFile(objectKeys.assembled(jobId, 'output.mp4'), outputPath, {
    contentType: 'video/mp4',
    signal: run.signal,
  });
  return {
    bytes: stored.bytes,
    sha256: stored.sha256,
    frames: film.frames,
    durationSeconds: film.durationSeconds,
  };
}

function filmPlan(plan: RenderPlan): Pick<RenderPlan, 'output' | 'totalFrames'> & { totalSamples: number } {
  return { output: plan.output, totalFrames: plan.totalFrames, totalSamples: plan.programme.totalSamples };
}
