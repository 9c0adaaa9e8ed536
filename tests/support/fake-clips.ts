import type { CachedClip, ClipIndex } from '../../storage/clip-index.ts';

/** What the database knows of cached clips, in memory. */
export class FakeClips implements ClipIndex {
  readonly clips = new Map<string, CachedClip>();

  find(keys: readonly string[]): Promise<readonly CachedClip[]> {
    return Promise.resolve(keys.flatMap((key) => this.clips.get(key) ?? []));
  }

  record(clip: CachedClip): Promise<void> {
    this.clips.set(clip.key, clip);
    return Promise.resolve();
  }

  forget(key: string): Promise<void> {
    this.clips.delete(key);
    return Promise.resolve();
  }
}
