import { type CallOptions, ObjectNotFound, type ObjectStore } from '../storage/object-store.ts';

/** Copies inside the store; false where there is nothing to copy. */
export async function copyIfThere(
  store: ObjectStore,
  { from, to }: { readonly from: string; readonly to: string },
  options: CallOptions,
): Promise<boolean> {
  try {
    await store.copy(from, to, options);
    return true;
  } catch (error) {
    if (error instanceof ObjectNotFound) return false;
    throw error;
  }
}
