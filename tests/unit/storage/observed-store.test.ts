import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ObservedStore, type StoreCall } from '../../../storage/observed-store.ts';
import { FakeStore } from '../../support/fake-store.ts';

class HangingStore extends FakeStore {
  override stat(_key: string, options?: { readonly signal?: AbortSignal }): Promise<null> {
    return new Promise((_, reject) => {
      // A caller's reason need not be an AbortError: Temporal's is not.
      options?.signal?.addEventListener('abort', () => reject(new Error('the job was cancelled')));
    });
  }
}

function observe(store: FakeStore) {
  const calls: string[] = [];
  const onCall = ({ operation, outcome }: StoreCall): unknown => calls.push(`${operation} ${outcome}`);
  return { calls, store: new ObservedStore(store, onCall), inner: store };
}

describe('an observed store', () => {
  it('tells how each call ended', async () => {
    const { calls, store, inner } = observe(new FakeStore());
    await store.put('a/b', Readable.from([Buffer.from('x')]), { contentType: 'text/plain' });
    await store.copy('a/b', 'a/c');
    await expect(store.copy('a/none', 'a/c')).rejects.toThrow('There is no object');
    inner.isAway = true;
    await expect(store.remove(['a/b'])).rejects.toThrow('ECONNREFUSED');
    await expect(store.list('a/')[Symbol.asyncIterator]().next()).rejects.toThrow('ECONNREFUSED');
    expect(calls).toEqual(['put ok', 'copy ok', 'copy not_found', 'remove error', 'list error']);
  });

  it("takes a caller's change of mind for no fault of the store, whatever the reason", async () => {
    const { calls, store } = observe(new HangingStore());
    const cancel = new AbortController();
    const looking = expect(store.stat('a/b', { signal: cancel.signal })).rejects.toThrow('cancelled');
    cancel.abort();
    await looking;
    expect(calls).toEqual(['stat aborted']);
  });
});
