import { ObjectNotFound, type ObjectStore } from '../storage/object-store.ts';

/** Copies inside the store; false where there is nothing to copy. */
export async function copyIfThere(store: ObjectStore, from: string, to: string): Promise<boolean> {
  try {
    await store.copy(from, to);
    return true;
  } catch (error) {
    if (error instanceof ObjectNotFound) return false;
    throw error;
  }
}
