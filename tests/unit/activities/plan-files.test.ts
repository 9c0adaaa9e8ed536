import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PlanFiles } from '../../../activities/plan-files.ts';
import type { RenderPlan } from '../../../plan-compiler/render-plan.ts';
import { objectKeys } from '../../../storage/object-keys.ts';
import { FakePlanHashes } from '../../support/fake-plan-hashes.ts';
import { FakeStore } from '../../support/fake-store.ts';

const signal = new AbortController().signal;
// The files know nothing of what is in a plan but its scenes.
const plan = { scenes: [{ index: 0, sceneId: 'intro' }] } as unknown as RenderPlan;
const source = { sceneId: 'intro', sceneIndex: 0, key: 'k', source: { id: 'intro' } };

/** Files written by one worker, read by another one. */
async function written(store = new FakeStore()) {
  const hashes = new FakePlanHashes();
  const writer = new PlanFiles(store, hashes);
  await writer.write('job_1', { plan, sources: [source] }, signal);
  return { store, hashes, writer, reader: new PlanFiles(store, hashes) };
}

const gone = (what: RegExp) => ({
  code: 'PLAN_UNAVAILABLE',
  retryable: false,
  message: expect.stringMatching(what) as string,
  hint: expect.any(String) as string,
});

describe('the files of a plan', () => {
  it('come back as they were written', async () => {
    const { reader } = await written();
    expect(await reader.read('job_1')).toEqual(plan);
    expect(await reader.sources('job_1')).toEqual([source]);
  });

  it.each(['plan', 'sceneSources'] as const)('are refused where a byte of the %s changed', async (name) => {
    const { store, reader } = await written();
    const key = objectKeys[name]('job_1');
    store.objects.set(key, Buffer.from(String(store.objects.get(key)).replace('intro', 'intrx')));
    const read = name === 'plan' ? reader.read('job_1') : reader.sources('job_1');
    await expect(read).rejects.toMatchObject(gone(/is not what was written/));
  });

  it('are fetched once more where they changed on their way', async () => {
    const store = new FakeStore();
    const { reader } = await written(store);
    const bytes = store.objects.get(objectKeys.plan('job_1')) ?? Buffer.alloc(0);
    let reads = 0;
    store.read = () => {
      reads += 1;
      return Promise.resolve(Readable.from([reads === 1 ? Buffer.from('{"scenes":[]}') : bytes]));
    };
    expect(await reader.read('job_1')).toEqual(plan);
    expect(reads).toBe(2);
  });

  it('are refused where they are gone, or nobody knows what they were', async () => {
    const { store, hashes, reader } = await written();
    store.objects.clear();
    await expect(reader.read('job_1')).rejects.toMatchObject(gone(/is gone/));
    hashes.rows.clear();
    await expect(reader.read('job_1')).rejects.toMatchObject(gone(/is gone/));
  });

  it('that are written anew are read anew by the one who wrote them', async () => {
    const { writer } = await written();
    expect((await writer.read('job_1')).scenes).toHaveLength(1);
    const longer = { ...plan, scenes: [...plan.scenes, ...plan.scenes] };
    await writer.write('job_1', { plan: longer, sources: [source] }, signal);
    expect((await writer.read('job_1')).scenes).toHaveLength(2);
  });

  it('of which a reader is no longer wanted are not waited for', async () => {
    const { store, reader } = await written();
    store.read = () => new Promise<never>(() => undefined);
    const job = new AbortController();
    const reading = reader.read('job_1', job.signal);
    job.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
  });
});
