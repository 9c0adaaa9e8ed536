import type { ObjectStore } from '../storage/object-store.ts';

/** Objects named in one call to the store. */
const batchMax = 500;

/** Removes every object below a prefix; repeating it is harmless. */
export async function removeAll(store: ObjectStore, prefix: string, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  let batch: string[] = [];
  for await (const { key } of store.list(prefix, options)) {
    batch.push(key);
    if (batch.length >= batchMax) {
      await store.remove(batch, options);
      batch = [];
    }
  }
  if (batch.length > 0) await store.remove(batch, options);
}
