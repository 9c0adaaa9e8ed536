import type { CachedClip } from '../storage/clip-index.ts';
import type { MediaServices } from './services.ts';

/** Keys asked for in one query. */
const keysAtOnce = 1000;

/** Facts of the clips among the keys, by key. */
export async function knownClips(
  services: MediaServices,
  keys: readonly string[],
): Promise<ReadonlyMap<string, CachedClip>> {
  const unique = [...new Set(keys)];
  const found = new Map<string, CachedClip>();
  for (let start = 0; start < unique.length; start += keysAtOnce) {
    const clips = await services.clips.find(unique.slice(start, start + keysAtOnce));
    for (const clip of clips) found.set(clip.key, clip);
  }
  return found;
}
