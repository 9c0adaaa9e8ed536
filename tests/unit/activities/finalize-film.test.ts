// The film is only done when the bytes under its public names are those that were made: film and thumbnail alike.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { finalizeFilm } from '../../../activities/finalize-film.ts';
import { objectKeys } from '../../../storage/object-keys.ts';
import type { CallOptions } from '../../../storage/object-store.ts';
import { FakeStore } from '../../support/fake-store.ts';
import { planOf, sourcesOf } from '../../support/plan-inputs.ts';

const jobId = 'job_1';
const movie = {
  width: 640,
  height: 360,
  fps: 30,
  scenes: [{ id: 'one', duration: 1, layers: [{ type: 'color' as const, color: '#102030' }] }],
};
const names = ['output.mp4', 'thumbnail.jpg'] as const;
type Name = (typeof names)[number];
const made = { 'output.mp4': Buffer.from('the film'), 'thumbnail.jpg': Buffer.from('the picture') };
const film = {
  bytes: made['output.mp4'].length,
  frames: 30,
  durationSeconds: 1,
  sha256: sha256(made['output.mp4']),
  thumbnailSha256: sha256(made['thumbnail.jpg']),
};

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A store that gives back other bytes of one object than it was given, but as many. */
class LyingStore extends FakeStore {
  damaged: string | null = null;

  override async read(key: string): Promise<Readable> {
    if (key !== this.damaged) return super.read(key);
    return Readable.from([Buffer.alloc(this.objects.get(key)?.length ?? 0, 'x')]);
  }
}

function setUp<Store extends FakeStore>(store: Store) {
  for (const name of names) store.objects.set(objectKeys.assembled(jobId, name), made[name]);
  const completed: object[] = [];
  const job = {
    jobId,
    projectId: 'project_1',
    status: 'running',
    submission: { movie: { title: 'A film' } },
  };
  // Of the services the activity uses this much and no more.
  const services = {
    store,
    plans: { read: () => Promise.resolve(planOf(movie)), sources: () => Promise.resolve(sourcesOf(movie)) },
    history: { record: () => Promise.resolve() },
    jobs: {
      get: () => Promise.resolve(job),
      enterPhase: () => Promise.resolve(true),
      raiseProgress: () => Promise.resolve(),
      complete: (_: string, result: object) => Promise.resolve(completed.push(result) > 0),
    },
  } as unknown as Parameters<typeof finalizeFilm>[0];
  const finalize = (signal = new AbortController().signal): Promise<void> =>
    finalizeFilm(services, { jobId, film }, { attempt: 1, workersLost: 0, signal });
  return { store, completed, finalize, job };
}

describe('the end of a film', () => {
  it('publishes film, thumbnail and description, and removes the intermediates', async () => {
    const { store, completed, finalize } = setUp(new LyingStore());
    await finalize();
    expect([...store.objects.keys()].sort()).toEqual(
      ['metadata.json', ...names].map((name) => objectKeys.output(jobId, name as Name)).sort(),
    );
    expect(completed).toMatchObject([{ outputKey: objectKeys.output(jobId, 'output.mp4') }]);
  });

  it.each(names)('is not reached where the store has other bytes of %s; it is tried again', async (name) => {
    const { store, completed, finalize } = setUp(new LyingStore());
    store.damaged = objectKeys.output(jobId, name);
    await expect(finalize()).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      retryable: true,
      message: expect.stringContaining(store.damaged) as string,
    });
    expect(completed).toEqual([]);
    expect(store.objects.has(objectKeys.assembled(jobId, name))).toBe(true);
    store.damaged = null;
    await finalize();
    expect(completed).toHaveLength(1);
  });

  it.each(names)('is not reached where %s is not in the store', async (name) => {
    const { store, completed, finalize } = setUp(new LyingStore());
    store.objects.delete(objectKeys.assembled(jobId, name));
    await expect(finalize()).rejects.toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(completed).toEqual([]);
  });

  it('is reached by an attempt that finds everything published', async () => {
    const { store, completed, finalize } = setUp(new LyingStore());
    for (const name of names) {
      await store.copy(objectKeys.assembled(jobId, name), objectKeys.output(jobId, name));
      await store.remove([objectKeys.assembled(jobId, name)]);
    }
    await finalize();
    expect(completed).toHaveLength(1);
  });

  it('is tidied up after by the attempt that follows one that died in between', async () => {
    const { store, completed, finalize, job } = setUp(new LyingStore());
    job.status = 'done';
    const published = objectKeys.output(jobId, 'output.mp4');
    store.objects.set(published, made['output.mp4']);
    await finalize();
    expect([...store.objects.keys()]).toEqual([published]);
    expect(completed).toEqual([]);
  });

  it('does not wait for a copy once it is cancelled', async () => {
    const cancel = new AbortController();
    class SlowStore extends FakeStore {
      override copy(_from: string, _to: string, { signal }: CallOptions = {}): Promise<void> {
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('given up')));
          setImmediate(() => cancel.abort());
        });
      }
    }
    const { completed, finalize } = setUp(new SlowStore());
    await expect(finalize(cancel.signal)).rejects.toThrow('given up');
    expect(completed).toEqual([]);
  });
});
