import type { Assembly } from './assembly.ts';
import { forEachBounded } from './bounded.ts';
import { DamagedClips } from './damaged-clips.ts';
import type { JobClip } from './job-clips.ts';
import { knownClips } from './known-clips.ts';
import type { MediaServices } from './services.ts';

const downloadsAtOnce = 4;

/** Brings the job's clips into the scratch folder, each checked by its hash; those gone or changed are named all at once. */
export async function fetchClips(
  services: MediaServices,
  { folder, run }: Pick<Assembly, 'folder' | 'run'>,
  wanted: readonly JobClip[],
): Promise<void> {
  const known = await knownClips(
    services,
    wanted.map(({ key }) => key),
  );
  const damaged: JobClip[] = [];
  await forEachBounded(wanted, downloadsAtOnce, async (clip) => {
    run.signal.throwIfAborted();
    const facts = known.get(clip.key);
    const target = { path: folder.path(clip.fileName), signal: run.signal };
    const isFound = facts && (await services.cache.fetch(facts, clip.jobObject, target)) !== null;
    if (isFound !== true) damaged.push(clip);
  });
  if (damaged.length > 0) throw new DamagedClips(damaged);
}
