import { objectKeys } from '../storage/object-keys.ts';
import type { Assembly } from './assembly.ts';
import { forEachBounded } from './bounded.ts';
import { DamagedClips } from './damaged-clips.ts';
import { knownClips } from './known-clips.ts';
import type { MediaServices } from './services.ts';

const downloadsAtOnce = 4;

/** The job's clip of one scene, by its plan index and the key that its bytes must fit. */
export type WantedClip = { readonly index: number; readonly key: string };

/** How the clips of a kind are called, in the store and in the scratch folder. */
const places = {
  picture: { object: objectKeys.sceneClip, file: (index: number) => `clip_${index}.mp4` },
  sound: { object: objectKeys.sceneSound, file: (index: number) => `sound_${index}.f32le` },
} as const;

/** Files by plan index, each checked by its hash; those that are gone or changed are named all at once. */
export async function fetchClips(
  services: MediaServices,
  { jobId, folder, run }: Assembly,
  wanted: { readonly kind: keyof typeof places; readonly clips: readonly WantedClip[] },
): Promise<ReadonlyMap<number, string>> {
  const { object, file } = places[wanted.kind];
  const known = await knownClips(
    services,
    wanted.clips.map(({ key }) => key),
  );
  const paths = new Map<number, string>();
  const damaged: number[] = [];
  await forEachBounded(wanted.clips, downloadsAtOnce, async ({ index, key }) => {
    run.signal.throwIfAborted();
    const clip = known.get(key);
    const target = { path: folder.path(file(index)), signal: run.signal };
    const found = clip && (await services.cache.fetch(clip, object(jobId, index), target));
    if (found) paths.set(index, target.path);
    else damaged.push(index);
  });
  if (damaged.length > 0) throw new DamagedClips(damaged);
  return paths;
}
