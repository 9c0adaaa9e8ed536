// Housekeeping on a real database and both stores: what goes, what stays, and what a dry run says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HouseBounds } from '../../../activities/house.ts';
import { keepHouse } from '../../../activities/keep-house.ts';
import { FileStore } from '../../../storage/file-store.ts';
import { objectKeys } from '../../../storage/object-keys.ts';
import type { ObjectInfo, ObjectStore } from '../../../storage/object-store.ts';
import { S3Store } from '../../../storage/s3-store.ts';
import { buildMinio, startMinio } from '../../../tools/minio.ts';
import { freePort } from '../../../tools/ports.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, newScenes, submit } from '../database/fixtures.ts';

const day = 86_400;
const roomy: HouseBounds = {
  cacheBytesMax: 1_000_000,
  cacheSecondsMax: 30 * day,
  historySecondsMax: 90 * day,
  historyRowsMax: 1_000_000,
  jobSecondsMax: null,
};
const run = { signal: new AbortController().signal };
const mediaData = {
  duration: 60,
  width: 64,
  height: 36,
  fileSize: 4,
  fps: 30,
  videoCodec: 'h264',
  audioCodec: 'aac',
  sha256: 'ab',
};

/** A store whose objects are as old as a test says: neither folder nor server can be told in another way. */
function aged(store: ObjectStore, ages: ReadonlyMap<string, number>): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'list') return (prefix: string) => listAged(target, prefix, ages);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

async function* listAged(
  store: ObjectStore,
  prefix: string,
  ages: ReadonlyMap<string, number>,
): AsyncGenerator<ObjectInfo> {
  for await (const info of store.list(prefix)) {
    const seconds = ages.get(info.key) ?? 0;
    yield { ...info, modifiedAt: new Date(Date.now() - seconds * 1000) };
  }
}

const openings = {
  folder: async () => {
    const root = await mkdtemp(join(tmpdir(), 'scenemill-house-'));
    return { store: new FileStore(root), root, close: () => rm(root, { recursive: true, force: true }) };
  },
  minio: async () => {
    const root = await mkdtemp(join(tmpdir(), 'scenemill-house-'));
    const program = await buildMinio(() => undefined);
    const minio = await startMinio({
      program,
      dataDir: root,
      port: await freePort(),
    });
    const { endpoint, accessKey, secretKey } = minio;
    const address = { endpoint, accessKey, secretKey, region: 'us-east-1', bucket: 'house' };
    const close = async (): Promise<void> => {
      await minio.stop();
      await rm(root, { recursive: true, force: true });
    };
    return { store: new S3Store(address), root, close };
  },
} as const;

describe.each(['folder', 'minio'] as const)('housekeeping in a store of the kind "%s"', (kind) => {
  let test: TestDatabase;
  let opened: Awaited<ReturnType<(typeof openings)[typeof kind]>>;
  const ages = new Map<string, number>();
  beforeAll(async () => {
    test = await createTestDatabase();
    await addUser(test.database);
    opened = await openings[kind]();
  });
  afterAll(async () => {
    await test.remove();
    await opened.close();
  });
  beforeEach(() => ages.clear());

  const services = (houseBounds = roomy) => ({
    store: aged(opened.store, ages),
    housekeeping: test.database.housekeeping,
    houseBounds,
  });
  const keep = (houseBounds = roomy, isDryRun = false) => keepHouse(services(houseBounds), { isDryRun }, run);
  const put = async (key: string, ageSeconds = 0, text = 'bytes'): Promise<void> => {
    await opened.store.put(key, Readable.from([Buffer.from(text)]), { contentType: 'video/mp4' });
    ages.set(key, ageSeconds);
  };
  const isThere = async (key: string): Promise<boolean> => (await opened.store.stat(key)) !== null;

  /** A cached clip of 100 bytes that was last used so long ago. */
  async function clip(name: string, ageSeconds: number): Promise<string> {
    const key = objectKeys.cachedClip(name);
    await put(key, ageSeconds, 'x'.repeat(100));
    await test.database.clips.record({ key: name, kind: 'picture', bytes: 100, sha256: 'ab', length: 1 });
    await test.sql(
      'UPDATE scene_clips SET used_at = now() - make_interval(secs => $<ageSeconds>) WHERE key = $<name>',
      {
        name,
        ageSeconds,
      },
    );
    return key;
  }

  it('removes the least recently used clips beyond the budget, and those that are too old', async () => {
    const [old, cold, warm] = [
      await clip('old', 40 * day),
      await clip('cold', 3 * day),
      await clip('warm', 2 * day),
    ];
    expect(await keep(roomy)).toMatchObject({ clips: 1, clipBytes: 100 });
    expect(await keep({ ...roomy, cacheBytesMax: 150 })).toMatchObject({ clips: 1 });
    expect([await isThere(old), await isThere(cold), await isThere(warm)]).toEqual([false, false, true]);
    expect(await test.database.housekeeping.knownClips(['old', 'cold', 'warm'])).toEqual(new Set(['warm']));
    expect(await keep({ ...roomy, cacheBytesMax: 1 })).toMatchObject({ clips: 1 });
  });

  it('keeps what was handed out a moment ago, however small the budget, and what is used between look and removal', async () => {
    const fresh = await clip('fresh', 60);
    expect(await keep({ ...roomy, cacheBytesMax: 1, cacheSecondsMax: 1 })).toMatchObject({ clips: 0 });
    expect(await isThere(fresh)).toBe(true);
    await clip('used', 2 * day);
    const [seen] = await test.database.housekeeping.coldClips({
      bytesMax: 1,
      ageSecondsMax: day,
      restSeconds: 3_600,
      limit: 10,
    });
    expect(seen?.key).toBe('used');
    await test.database.clips.find(['used']);
    expect(await test.database.housekeeping.forgetCold(['used'], 3_600)).toEqual([]);
    await test.sql('DELETE FROM scene_clips');
    await opened.store.remove([objectKeys.cachedClip('fresh'), objectKeys.cachedClip('used')]);
  });

  it('only tells what it would remove in a dry run', async () => {
    const old = await clip('dry', 40 * day);
    await put('intermediates/job_gone/scene_0.mp4', day);
    const report = await keep(roomy, true);
    expect(report).toMatchObject({ isDryRun: true, clips: 1, clipBytes: 100, orphanObjects: 1 });
    expect([await isThere(old), await isThere('intermediates/job_gone/scene_0.mp4')]).toEqual([true, true]);
    await keep(roomy);
    expect([await isThere(old), await isThere('intermediates/job_gone/scene_0.mp4')]).toEqual([false, false]);
  });

  it('removes clips that nobody recorded, once they have been at rest', async () => {
    await put(objectKeys.cachedClip('orphan'), day);
    await put(objectKeys.cachedSound('new'), 60);
    expect(await keep()).toMatchObject({ orphanClips: 1 });
    expect(await isThere(objectKeys.cachedClip('orphan'))).toBe(false);
    expect(await isThere(objectKeys.cachedSound('new'))).toBe(true);
    await opened.store.remove([objectKeys.cachedSound('new')]);
  });

  it('removes what jobs left behind that are over, and nothing of one that runs', async () => {
    const running = `job_running_${kind}`;
    const failed = `job_failed_${kind}`;
    for (const jobId of [running, failed]) {
      await submit(test.database, jobId);
      for (const key of [
        objectKeys.sceneClip(jobId, 0),
        objectKeys.output(jobId, 'output.mp4'),
        objectKeys.plan(jobId),
      ])
        await put(key, day);
    }
    await test.database.jobs.cancel(failed);
    await put(objectKeys.plan('job_removed'), day);
    expect(await keep()).toMatchObject({ orphanObjects: 3 });
    expect(await isThere(objectKeys.sceneClip(running, 0))).toBe(true);
    expect(await isThere(objectKeys.output(running, 'output.mp4'))).toBe(true);
    expect(await isThere(objectKeys.sceneClip(failed, 0))).toBe(false);
    expect(await isThere(objectKeys.output(failed, 'output.mp4'))).toBe(false);
    expect(await isThere(objectKeys.plan(failed))).toBe(true);
  });

  it("removes an output that its user's plan keeps no longer; row and minutes stay, and say so", async () => {
    const [kept, outdated] = [`job_kept_${kind}`, `job_outdated_${kind}`];
    await test.sql(`UPDATE users SET plan = 'free' WHERE user_id = 'user_1'`);
    for (const jobId of [kept, outdated]) {
      await submit(test.database, jobId);
      const outputKey = objectKeys.output(jobId, 'output.mp4');
      await put(outputKey, 0);
      await test.database.jobs.complete(jobId, { outputKey, mediaData });
    }
    await test.sql(`UPDATE jobs SET ended_at = now() - interval '8 days' WHERE job_id = $<outdated>`, {
      outdated,
    });
    expect(await keep()).toMatchObject({ outputs: 1 });
    expect(await isThere(objectKeys.output(kept, 'output.mp4'))).toBe(true);
    expect(await isThere(objectKeys.output(outdated, 'output.mp4'))).toBe(false);
    const job = await test.database.jobs.get(outdated);
    expect(job).toMatchObject({ status: 'done', outputKey: null, outputExpiredAt: expect.any(Date) as Date });
    expect(
      await test.sql('SELECT 1 FROM usage_records WHERE job_id = $<outdated>', { outdated }),
    ).toHaveLength(1);
    expect(await keep()).toMatchObject({ outputs: 0 });
  });

  it('removes uploads that nobody recorded, and none that is an asset', async () => {
    const objectKey = objectKeys.asset('user_1', `asset_kept_${kind}`);
    await test.database.assets.create({
      assetId: `asset_kept_${kind}`,
      userId: 'user_1',
      projectId: 'project_1',
      name: 'a',
      objectKey,
      bytes: 5,
      sha256: 'ab',
    });
    await put(objectKey, day);
    await put(objectKeys.asset('user_1', 'asset_lost'), day);
    await put(objectKeys.asset('user_1', 'asset_coming'), 60);
    expect(await keep()).toMatchObject({ orphanObjects: 1 });
    expect(await isThere(objectKey)).toBe(true);
    expect(await isThere(objectKeys.asset('user_1', 'asset_lost'))).toBe(false);
    expect(await isThere(objectKeys.asset('user_1', 'asset_coming'))).toBe(true);
  });

  it('keeps jobs for ever unless it is told otherwise, and then removes those whose time and output are gone', async () => {
    const names = ['forgotten', 'with_output', 'young', 'at_work'].map((name) => `job_${name}_${kind}`);
    const [forgotten = '', withOutput = '', young = '', atWork = ''] = names;
    for (const jobId of names) {
      await submit(test.database, jobId);
      await test.database.jobs.createScenes(jobId, newScenes(jobId, 2));
      await put(objectKeys.plan(jobId));
    }
    await test.database.jobs.complete(withOutput, {
      outputKey: objectKeys.output(withOutput, 'output.mp4'),
      mediaData,
    });
    for (const jobId of [forgotten, young]) await test.database.jobs.cancel(jobId);
    await test.sql(
      `UPDATE jobs SET ended_at = now() - interval '40 days' WHERE job_id = ANY ($<jobIds>::text[])`,
      { jobIds: [forgotten, withOutput, atWork] },
    );
    await test.sql(`UPDATE users SET plan = 'unlimited' WHERE user_id = 'user_1'`);
    expect(await keep()).toMatchObject({ jobs: 0 });
    const bounds = { ...roomy, jobSecondsMax: 30 * day };
    expect(await keep(bounds, true)).toMatchObject({ jobs: 1 });
    expect(await test.database.jobs.get(forgotten)).not.toBeNull();
    expect(await keep(bounds)).toMatchObject({ jobs: 1 });
    expect(await test.database.jobs.get(forgotten)).toBeNull();
    expect(await test.database.jobs.scenes(forgotten)).toEqual([]);
    expect(await isThere(objectKeys.plan(forgotten))).toBe(false);
    for (const jobId of [withOutput, young, atWork]) {
      expect(await test.database.jobs.get(jobId)).not.toBeNull();
      expect(await isThere(objectKeys.plan(jobId))).toBe(true);
    }
  });
});

describe('the history of scenes', () => {
  let test: TestDatabase;
  let folder: Awaited<ReturnType<typeof openings.folder>>;
  beforeAll(async () => {
    test = await createTestDatabase();
    await addUser(test.database);
    folder = await openings.folder();
  });
  afterAll(async () => {
    await test.remove();
    await folder.close();
  });
  beforeEach(() => test.sql('DELETE FROM scene_history'));

  const keep = (bounds: Partial<HouseBounds>, isDryRun = false) => {
    const houseBounds = { ...roomy, ...bounds };
    return keepHouse(
      { store: folder.store, housekeeping: test.database.housekeeping, houseBounds },
      { isDryRun },
      run,
    );
  };
  const left = async (): Promise<string[]> =>
    (await test.sql<{ id: string }>('SELECT scene_id AS id FROM scene_history ORDER BY rendered_at')).map(
      ({ id }) => id,
    );

  /** Of each age in days one scene, named by it. */
  async function record(...ages: readonly number[]): Promise<void> {
    const scenes = ages.map((age) => ({ sceneId: `d${age}`, key: 'k', source: { age } }));
    await test.database.history.record('project_1', scenes);
    await test.sql(
      `UPDATE scene_history SET rendered_at = now() - substr(scene_id, 2)::integer * interval '1 day'`,
    );
  }

  it('forgets scenes that no film has had for long, and the oldest beyond the bound of rows', async () => {
    await record(1, 2, 3, 89, 91, 200);
    expect(await keep({}, true)).toMatchObject({ historyRows: 2 });
    expect(await left()).toHaveLength(6);
    expect(await keep({})).toMatchObject({ historyRows: 2 });
    expect(await left()).toEqual(['d89', 'd3', 'd2', 'd1']);
    expect(await keep({ historyRowsMax: 2 })).toMatchObject({ historyRows: 2 });
    expect(await left()).toEqual(['d2', 'd1']);
    expect(await keep({ historyRowsMax: 2 })).toMatchObject({ historyRows: 0 });
  });

  it('is forgotten in batches, and a round is bounded', async () => {
    await test.sql(`INSERT INTO scene_history (project_id, scene_id, key, source, rendered_at)
      SELECT 'project_1', 's' || number, 'k', '{}', now() - interval '100 days'
      FROM generate_series(1, 20700) AS number`);
    expect(await keep({})).toMatchObject({ historyRows: 20_000 });
    expect(await left()).toHaveLength(700);
    expect(await keep({})).toMatchObject({ historyRows: 700 });
  });

  it('does not wait for a scene that a job is recording just now', async () => {
    await record(100, 101);
    const holder =
      test.sql(`WITH held AS MATERIALIZED (SELECT 1 FROM scene_history WHERE scene_id = 'd101' FOR UPDATE)
      SELECT pg_sleep(60) FROM held`);
    const isEnded = expect(holder).rejects.toThrow('canceling statement');
    const sleeping = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    await expect.poll(() => test.sql(`SELECT pid ${sleeping}`)).toHaveLength(1);
    expect(await keep({})).toMatchObject({ historyRows: 1 });
    expect(await left()).toEqual(['d101']);
    await test.sql(`SELECT pg_cancel_backend(pid) ${sleeping}`);
    await isEnded;
  });
});

describe('uploads that were broken off', () => {
  it('leave files in the folder that are removed once they are old', async () => {
    const { store, close } = await openings.folder();
    const body = new Readable({ read: () => undefined });
    const broken = store.put('a/b', body, { contentType: 'video/mp4' }).catch(() => 'broken');
    body.push('half');
    await expect.poll(() => store.removeUnfinished(new Date(Date.now() + 60_000))).toBe(1);
    body.destroy(new Error('gone'));
    await broken;
    expect(await store.removeUnfinished(new Date(0))).toBe(0);
    await close();
  });
});
