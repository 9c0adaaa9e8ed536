/** What the database knows of a cached clip: its facts, to be checked against the bytes before use. */
export type CachedClip = {
  /** Content hash of the instructions. */
  readonly key: string;
  readonly kind: 'picture' | 'sound' | 'programme';
  readonly bytes: number;
  readonly sha256: string;
  /** Frames for a picture, samples for a sound. */
  readonly length: number;
};

/** Facts of cached clips by key; implemented by the database, used by the scene cache. */
export interface ClipIndex {
  /** Those of the keys that are known; marks them as used now. */
  find(keys: readonly string[]): Promise<readonly CachedClip[]>;
  /** Recording a key again replaces its facts. */
  record(clip: CachedClip): Promise<void>;
  forget(key: string): Promise<void>;
}
