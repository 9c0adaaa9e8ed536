import type { ObjectStore } from '../storage/object-store.ts';

/** Objects named in one call to the store. */
const batchMax = 500;

/** Removes every object below a prefix; repeating it is harmless. */
export async function removeAll(store: ObjectStore, prefix: string): Promise<void> {
  let batch: string[] = [];
  for await (const { key } of store.list(prefix)) {
    batch.push(key);
    if (batch.length >= batchMax) {
      await store.remove(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await store.remove(batch);
}
