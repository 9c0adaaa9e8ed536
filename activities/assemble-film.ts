// Phase "assembling": the clips of the scenes and the programme's sound become one film, checked before anyone may see it.
import { stat } from 'node:fs/promises';
import { progressWithin } from '../contract/progress.ts';
import { joinFilm } from '../ffmpeg/join-film.ts';
import { verifyFilm } from '../ffmpeg/verify-film.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { AssembledFilm, AssembleOutcome, CacheUse, JobRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import type { Assembly } from './assembly.ts';
import { DamagedClips, giveUpDamaged } from './damaged-clips.ts';
import { fetchClips } from './fetch-clips.ts';
import { pictureOf, programmeOf } from './job-clips.ts';
import { provideProgramme } from './provide-programme.ts';
import { ProgressReporter } from './scene-progress.ts';
import type { MediaServices } from './services.ts';
import { sideBySide } from './side-by-side.ts';
import { storeThumbnail } from './store-thumbnail.ts';

export async function assembleFilm(
  services: MediaServices,
  { jobId, cache }: JobRef & { readonly cache: CacheUse },
  run: ActivityRun,
): Promise<AssembleOutcome> {
  const [plan] = await Promise.all([
    services.plans.read(jobId, run.signal),
    services.jobs.enterPhase(jobId, 'running', 'assembling', 'building_graph'),
  ]);
  const folder = await services.scratch.open(jobId, `assemble_${run.attempt}`);
  try {
    return { kind: 'assembled', film: await assemble(services, { jobId, plan, folder, run, cache }) };
  } catch (error) {
    if (!(error instanceof DamagedClips)) throw error;
    await giveUpDamaged(services, jobId, error);
    return { kind: 'damaged' };
  } finally {
    await folder.remove();
  }
}

/** Where only the film's sound was missing, it is mixed here, while the pictures are fetched and checked. */
async function assemble(
  services: MediaServices,
  assembly: Assembly & { readonly cache: CacheUse },
): Promise<AssembledFilm> {
  const { jobId, plan, folder, run } = assembly;
  const pictures = plan.scenes.map((scene) => pictureOf(jobId, scene));
  const programme = programmeOf(jobId, plan);
  const picturesThere = fetchClips(services, assembly, pictures);
  const [film, thumbnailSha256] = await sideBySide(
    run.signal,
    async (signal) => {
      const isMixed = (await services.store.stat(programme.jobObject, { signal })) !== null;
      if (!isMixed) await provideProgramme(services, assembly, { ...run, signal });
      await fetchClips(services, assembly, [programme]);
      await picturesThere;
      await folder.check();
      return makeFilm(services, assembly, signal);
    },
    async (signal) => {
      await picturesThere;
      return storeThumbnail(services, assembly, signal);
    },
  );
  return { ...film, thumbnailSha256 };
}

/** Of this phase's progress; the rest is storing. Both move as many bytes, the join locally. */
const joinedShare = 0.3;

async function makeFilm(
  services: MediaServices,
  { jobId, plan, folder }: Assembly,
  signal: AbortSignal,
): Promise<Omit<AssembledFilm, 'thumbnailSha256'>> {
  const reporter = new ProgressReporter((progress, stage) =>
    services.jobs.raiseProgress(jobId, progressWithin('assembling', progress), stage),
  );
  const path = folder.path('output.mp4');
  await joinFilm({
    clips: plan.scenes.map((scene) => ({
      path: folder.path(pictureOf(jobId, scene).fileName),
      frames: scene.frames,
    })),
    programmePath: folder.path(programmeOf(jobId, plan).fileName),
    outputPath: path,
    signal,
    onProgress: (share) => reporter.report(share * joinedShare, 'encoding'),
  });
  await folder.check();
  const { output, totalFrames, programme } = plan;
  const { size } = await stat(path);
  // Stored among the intermediates, where nobody sees it until the job is told that both have succeeded.
  const [checked, stored] = await sideBySide(
    signal,
    (either) =>
      services.memory.run(either, (ffmpeg) =>
        verifyFilm(ffmpeg, {
          path,
          plan: { output, totalFrames, totalSamples: programme.totalSamples },
          signal: either,
        }),
      ),
    (either) =>
      services.store.putFile(objectKeys.assembled(jobId, 'output.mp4'), path, {
        contentType: 'video/mp4',
        isReadOnly: true,
        signal: either,
        onProgress: (bytes) => reporter.report(joinedShare + (1 - joinedShare) * (bytes / size), 'uploading'),
      }),
  );
  await reporter.settled();
  const { frames, durationSeconds } = checked;
  return { bytes: stored.bytes, sha256: stored.sha256, frames, durationSeconds };
}
