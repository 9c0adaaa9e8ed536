import { rm } from 'node:fs/promises';
import type { CachedClip, ClipIndex } from './clip-index.ts';
import { type CallOptions, ObjectNotFound, type ObjectStore } from './object-store.ts';

/** A clip that may be in the cache: its content hash and where its bytes would lie. */
export type ClipPlace = { readonly key: string; readonly objectKey: string };

export type NewClip = ClipPlace & {
  readonly kind: CachedClip['kind'];
  /** Frames for a picture, samples for a sound. */
  readonly length: number;
};

/** The store is asked about that many clips at once. */
const LOOKUPS_AT_ONCE = 16;
/** Keys in one question to the index. */
const KEYS_AT_ONCE = 1_000;
/** Bytes may be damaged on their way as well as where they lie. */
const FETCH_ATTEMPTS_MAX = 2;

const contentTypes = {
  picture: 'video/mp4',
  sound: 'application/octet-stream',
  programme: 'audio/mp4',
} as const satisfies Record<CachedClip['kind'], string>;

/** Clips by content hash: facts in the index, bytes in the store. What does not fit its facts is a miss, never an error. */
export class SceneCache {
  readonly #store: ObjectStore;
  readonly #index: ClipIndex;

  constructor(store: ObjectStore, index: ClipIndex) {
    this.#store = store;
    this.#index = index;
  }

  /** Those that are known and whose object is there with the right size, by key. The others are forgotten. */
  async lookup(
    places: readonly ClipPlace[],
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, CachedClip>> {
    const objectKeys = new Map(places.map(({ key, objectKey }) => [key, objectKey]));
    const keys = [...objectKeys.keys()];
    const found = new Map<string, CachedClip>();
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      const known = await this.#index.find(keys.slice(start, start + KEYS_AT_ONCE));
      for (const clip of await this.#keepSound(known, objectKeys, options)) found.set(clip.key, clip);
    }
    return found;
  }

  /** Stores the file, which must not be changed any more, then records it: a crash between the two costs one render, never a wrong hit. */
  async publish(clip: NewClip, path: string, signal?: AbortSignal): Promise<CachedClip> {
    const { key, kind, length, objectKey } = clip;
    const options = { contentType: contentTypes[kind], isReadOnly: true, ...(signal && { signal }) };
    const { bytes, sha256 } = await this.#store.putFile(objectKey, path, options);
    const cached = { key, kind, bytes, sha256, length };
    await this.#index.record(cached);
    return cached;
  }

  /** Writes a clip to a file, to be read only, checked byte for byte. Null, and no file, where it is gone or damaged; it is then removed. */
  async fetch(
    clip: CachedClip,
    objectKey: string,
    target: { readonly path: string; readonly signal?: AbortSignal },
  ): Promise<CachedClip | null> {
    const { path, ...options } = target;
    try {
      for (let attempt = 1; attempt <= FETCH_ATTEMPTS_MAX; attempt++) {
        const written = await this.#store.readToFile(objectKey, path, { ...options, isReadOnly: true });
        if (written.bytes === clip.bytes && written.sha256 === clip.sha256) return clip;
        await rm(path, { force: true });
      }
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      await this.#index.forget(clip.key);
      return null;
    }
    await this.#drop(clip, objectKey);
    return null;
  }

  /** Only an entry that still says what the damaged one said: a newer render of the same key must not be lost. */
  async #drop(clip: CachedClip, objectKey: string): Promise<void> {
    const [present] = await this.#index.find([clip.key]);
    if (present !== undefined && present.sha256 !== clip.sha256) return;
    await this.#index.forget(clip.key);
    await this.#store.remove([objectKey]);
  }

  async #keepSound(
    known: readonly CachedClip[],
    objectKeys: ReadonlyMap<string, string>,
    options: CallOptions,
  ): Promise<readonly CachedClip[]> {
    const sound: CachedClip[] = [];
    const queue = known.values();
    // All workers draw from one iterator, so each clip is looked at once.
    const work = async (): Promise<void> => {
      for (const clip of queue) {
        if (await this.#isSound(clip, objectKeys.get(clip.key), options)) sound.push(clip);
        else await this.#index.forget(clip.key);
      }
    };
    await Promise.all(Array.from({ length: Math.min(LOOKUPS_AT_ONCE, known.length) }, work));
    return sound;
  }

  async #isSound(clip: CachedClip, objectKey: string | undefined, options: CallOptions): Promise<boolean> {
    if (objectKey === undefined) return false;
    const info = await this.#store.stat(objectKey, options);
    return info !== null && info.bytes === clip.bytes;
  }
}
