import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorDetail, MediaData } from '../../../contract/job.ts';
import { sceneJobId } from '../../../contract/names.ts';
import { phaseSpans } from '../../../contract/progress.ts';
import type { PgJobRepository } from '../../../database/job-repository.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, newScenes, submit } from './fixtures.ts';

let test: TestDatabase;
let jobs: PgJobRepository;

const mediaData: MediaData = {
  ...{ duration: 90, width: 64, height: 36, fileSize: 1000, fps: 30, videoCodec: 'h264', audioCodec: 'aac' },
  sha256: 'ab',
};
const result = { outputKey: 'outputs/x/output.mp4', mediaData };

function failure(change: Partial<ErrorDetail> = {}): { line: string; detail: ErrorDetail } {
  const detail = { code: 'SCENE_RENDER_FAILED', hint: null, sceneId: null, sceneIndex: null, attempt: 1 };
  return {
    line: 'SCENE_RENDER_FAILED: it broke',
    detail: { ...detail, stderrTail: 'last lines', ...change },
  };
}

async function rendering(jobId: string, scenes: number): Promise<void> {
  await submit(test.database, jobId);
  await jobs.enterPhase(jobId, 'running', 'planning', 'loading_project');
  await jobs.enterPhase(jobId, 'running', 'dispatching', 'loading_project');
  await jobs.createScenes(jobId, newScenes(jobId, scenes));
  await jobs.enterPhase(jobId, 'waiting', 'rendering', 'encoding');
}

const get = async (jobId: string) => (await jobs.get(jobId))!;

beforeAll(async () => {
  test = await createTestDatabase();
  jobs = test.database.jobs;
  await addUser(test.database);
  await addUser(test.database, 'user_2', 'project_2');
});
afterAll(() => test.remove());

describe('reading jobs', () => {
  it('finds a job for its user only', async () => {
    await submit(test.database, 'job_mine');
    expect(await jobs.find('user_1', 'job_mine')).toMatchObject({ jobId: 'job_mine', submission: null });
    expect(await jobs.find('user_2', 'job_mine')).toBeNull();
    expect(await jobs.find('user_1', 'job_none')).toBeNull();
    expect(await jobs.get('job_mine')).toMatchObject({ userId: 'user_1' });
  });

  it('shows a job to its user only, to followers without what may be large', async () => {
    await submit(test.database, 'job_shown');
    await jobs.setCacheReport('job_shown', []);
    expect(await jobs.show('user_1', 'job_shown', 'whole')).toMatchObject({
      submission: { projectId: 'project_1' },
      cacheReport: [],
    });
    expect(await jobs.show('user_1', 'job_shown', 'progress')).toMatchObject({
      ...{ jobId: 'job_shown', submission: null, cacheReport: null, children: { total: 0 } },
    });
    expect(await jobs.show('user_2', 'job_shown', 'progress')).toBeNull();
  });

  it('lists newest first, page by page, each job once, filtered', async () => {
    const ids = Array.from({ length: 7 }, (_, number) => `job_list_${number}`);
    for (const id of ids) await submit(test.database, id, { userId: 'user_2', projectId: 'project_2' });
    // Two of the same moment, to be told apart by their ids.
    await test.sql(`UPDATE jobs SET created_at = '2030-01-01' WHERE job_id IN ('job_list_3', 'job_list_4')`);
    await jobs.cancel('job_list_0');
    const filter = { limit: 3, cursor: null, type: null, status: null, parentJobId: null };
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof jobs.list>> = await jobs.list('user_2', { ...filter, cursor });
      seen.push(...page.jobs.map(({ jobId }) => jobId));
      expect(page.jobs.length).toBeLessThanOrEqual(3);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([4, 3, 6, 5, 2, 1, 0].map((number) => `job_list_${number}`));
    const cancelled = await jobs.list('user_2', { ...filter, status: 'cancelled' });
    expect(cancelled.jobs.map(({ jobId }) => jobId)).toEqual(['job_list_0']);
    expect(cancelled.nextCursor).toBeNull();
    expect((await jobs.list('user_2', { ...filter, type: 'render.scene' })).jobs).toEqual([]);
    expect(cancelled.jobs[0]?.submission).toBeNull();
  });

  it('refuses a cursor that no list gave', async () => {
    const filter = { limit: 3, type: null, status: null, parentJobId: null };
    for (const cursor of ['nonsense', '', Buffer.from('["x",1]').toString('base64url')])
      await expect(jobs.list('user_1', { ...filter, cursor })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      });
  });

  it('counts scenes by status and lists them by index', async () => {
    await rendering('job_count', 6);
    await jobs.startScene(sceneJobId('job_count', 0), 1);
    await jobs.finishScene(sceneJobId('job_count', 1), false);
    await jobs.finishScene(sceneJobId('job_count', 2), true);
    const counts = await jobs.children(['job_count', 'job_mine']);
    expect(counts.get('job_count')).toEqual({
      total: 6,
      succeeded: 2,
      running: 1,
      queued: 3,
      failed: 0,
      cached: 1,
    });
    expect(counts.get('job_mine')).toEqual({
      total: 0,
      succeeded: 0,
      running: 0,
      queued: 0,
      failed: 0,
      cached: 0,
    });
    for (const [jobId, children] of counts)
      expect(await jobs.show('user_1', jobId, 'progress')).toMatchObject({ jobId, children });
    expect((await jobs.scenes('job_count')).map(({ sceneIndex }) => sceneIndex)).toEqual([0, 1, 2, 3, 4, 5]);
    const filter = { limit: 10, cursor: null, type: null, status: null, parentJobId: 'job_count' };
    expect((await jobs.list('user_1', filter)).jobs).toHaveLength(6);
    expect((await jobs.list('user_2', filter)).jobs).toEqual([]);
    // By their type they are listed over all jobs, and those of nobody else.
    const byType = { ...filter, limit: 100, type: 'render.scene', parentJobId: null } as const;
    const ofAll = (await jobs.list('user_1', byType)).jobs;
    expect(ofAll.filter(({ parentJobId }) => parentJobId === 'job_count')).toHaveLength(6);
    expect(ofAll.every(({ type }) => type === 'render.scene')).toBe(true);
    expect((await jobs.list('user_2', byType)).jobs).toEqual([]);
    expect(await jobs.find('user_1', 'scene_job_count_0001')).toMatchObject({
      ...{ type: 'render.scene', parentJobId: 'job_count', sceneId: 'scene 0', status: 'running' },
    });
  });
});

describe('phases', () => {
  it('lead forward only, and raise the progress to where the phase begins', async () => {
    await submit(test.database, 'job_phase');
    expect(await jobs.enterPhase('job_phase', 'running', 'planning', 'loading_project')).toBe(true);
    const planned = await get('job_phase');
    expect(planned).toMatchObject({ status: 'running', phase: 'planning', stage: 'loading_project' });
    expect(planned.startedAt).toBeInstanceOf(Date);
    await jobs.enterPhase('job_phase', 'running', 'assembling', 'encoding');
    expect((await get('job_phase')).progress).toBe(phaseSpans.assembling.from);
    expect(await jobs.enterPhase('job_phase', 'waiting', 'rendering', 'encoding')).toBe(true);
    expect(await get('job_phase')).toMatchObject({ status: 'running', phase: 'assembling' });
    expect((await get('job_phase')).startedAt).toEqual(planned.startedAt);
    await jobs.cancel('job_phase');
    expect(await jobs.enterPhase('job_phase', 'running', 'uploading', 'uploading')).toBe(false);
    expect(await jobs.enterPhase('job_none', 'running', 'uploading', 'uploading')).toBe(false);
  });

  it('keep the cache report', async () => {
    await submit(test.database, 'job_report');
    const report = [
      {
        sceneId: 'one',
        sceneIndex: 0,
        result: 'miss' as const,
        reason: 'changed' as const,
        changedPaths: ['a.b'],
      },
    ];
    await jobs.setCacheReport('job_report', report);
    expect((await get('job_report')).cacheReport).toEqual(report);
  });
});

describe('progress', () => {
  it('is the weighted sum of the scenes within the rendering span, and ends at its end', async () => {
    await submit(test.database, 'job_sum');
    await jobs.enterPhase('job_sum', 'waiting', 'rendering', 'encoding');
    const [light, heavy] = newScenes('job_sum', 2);
    await jobs.createScenes('job_sum', [light!, { ...heavy!, weight: 3 }]);
    await jobs.reportScene(sceneJobId('job_sum', 1), 0.5, 'encoding');
    const { from, to } = phaseSpans.rendering;
    expect((await get('job_sum')).progress).toBeCloseTo(from + (to - from) * 0.375);
    await jobs.finishScene(sceneJobId('job_sum', 0), false);
    await jobs.finishScene(sceneJobId('job_sum', 1), false);
    expect((await get('job_sum')).progress).toBeCloseTo(to);
  });

  it('never falls, neither of a scene nor of its job, whatever is reported', async () => {
    await rendering('job_fall', 2);
    const scene = sceneJobId('job_fall', 0);
    await jobs.reportScene(scene, 0.8, 'encoding');
    const high = await get('job_fall');
    for (const progress of [0.3, -1, Number.NaN])
      await jobs.reportScene(scene, progress, 'downloading_sources');
    expect((await get(scene)).progress).toBe(0.8);
    expect((await get(scene)).stage).toBe('downloading_sources');
    expect((await get('job_fall')).progress).toBe(high.progress);
    await jobs.reportScene(scene, 7, 'encoding');
    expect((await get(scene)).progress).toBe(1);
    await jobs.raiseProgress('job_fall', 0.01, 'encoding');
    expect((await get('job_fall')).progress).toBeGreaterThan(high.progress);
  });

  it('rises to the full sum though forty scenes report at once', async () => {
    await rendering('job_many', 40);
    const seen: number[] = [];
    const state = { isDone: false };
    const watcher = (async () => {
      while (!state.isDone) seen.push((await get('job_many')).progress);
    })();
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await jobs.startScene(sceneJobId('job_many', index), 1);
        for (const progress of [0.25, 0.5, 0.75])
          await jobs.reportScene(sceneJobId('job_many', index), progress, 'encoding');
        await jobs.finishScene(sceneJobId('job_many', index), false);
      }),
    );
    state.isDone = true;
    await watcher;
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect((await get('job_many')).progress).toBeCloseTo(phaseSpans.rendering.to);
  });

  it('does not change the version for a report without news', async () => {
    await rendering('job_quiet', 1);
    await jobs.reportScene(sceneJobId('job_quiet', 0), 0.5, 'encoding');
    const before = await get('job_quiet');
    await jobs.reportScene(sceneJobId('job_quiet', 0), 0.5, 'encoding');
    expect((await get('job_quiet')).version).toBe(before.version);
  });

  it('moves the version at the start of a scene, which counts then, and not at a start of one that has ended', async () => {
    await rendering('job_touched', 2);
    const before = await get('job_touched');
    await jobs.startScene(sceneJobId('job_touched', 0), 1);
    const started = await get('job_touched');
    expect(started.version).toBeGreaterThan(before.version);
    expect(started.progress).toBe(before.progress);
    expect((await jobs.scenes('job_touched'))[0]?.stage).toBe('downloading_sources');
    await jobs.finishScene(sceneJobId('job_touched', 0), false);
    const { version } = await get('job_touched');
    await jobs.startScene(sceneJobId('job_touched', 0), 2);
    expect((await get('job_touched')).version).toBe(version);
  });

  it('of an unknown scene job is an error', () =>
    expect(jobs.startScene('scene_none', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' }));
});

describe('scene jobs', () => {
  it('are made once, cached ones done at once, and a later hit ends a queued one', async () => {
    await submit(test.database, 'job_make');
    const scenes = newScenes('job_make', 3);
    await jobs.createScenes('job_make', [{ ...scenes[0]!, isCached: true }, scenes[1]!, scenes[2]!]);
    await jobs.startScene(sceneJobId('job_make', 2), 1);
    await jobs.createScenes('job_make', newScenes('job_make', 3, { isCached: true }));
    const rows = await jobs.scenes('job_make');
    expect(rows.map(({ status, isCached }) => [status, isCached])).toEqual([
      ['done', true],
      ['done', true],
      ['running', false],
    ]);
  });

  it('count as cached only where the job has rendered no part of them, whatever came last', async () => {
    await rendering('job_parts', 2);
    const [started, untouched] = [0, 1].map((index) => sceneJobId('job_parts', index));
    await jobs.startScene(started!, 1);
    await jobs.finishScene(started!, true);
    await jobs.finishScene(untouched!, true);
    expect(await get(started!)).toMatchObject({ status: 'done', isCached: false });
    expect(await get(untouched!)).toMatchObject({ status: 'done', isCached: true });
  });

  it('are five thousand in a moment', async () => {
    await submit(test.database, 'job_5000');
    const startedAt = Date.now();
    await jobs.createScenes('job_5000', newScenes('job_5000', 5_000));
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    const reportedAt = Date.now();
    for (let index = 0; index < 20; index++)
      await jobs.reportScene(sceneJobId('job_5000', index), 0.5, 'encoding');
    expect(Date.now() - reportedAt).toBeLessThan(5_000);
    expect((await jobs.children(['job_5000'])).get('job_5000')).toMatchObject({
      total: 5_000,
      queued: 5_000,
    });
    expect(await jobs.cancel('job_5000')).toBe(true);
  });

  it('are opened again when their clips are lost, and the job goes back to rendering', async () => {
    await rendering('job_lost', 3);
    for (const index of [0, 1, 2]) await jobs.finishScene(sceneJobId('job_lost', index), true);
    await jobs.enterPhase('job_lost', 'running', 'assembling', 'encoding');
    await jobs.raiseProgress('job_lost', 0.9, 'encoding');
    const before = await get('job_lost');
    await jobs.reopenScenes('job_lost', [1]);
    const rows = await jobs.scenes('job_lost');
    expect(rows.map(({ status }) => status)).toEqual(['done', 'queued', 'done']);
    expect(rows[1]).toMatchObject({ isCached: false, endedAt: null });
    expect(await get('job_lost')).toMatchObject({
      ...{ status: 'waiting', phase: 'rendering' },
      progress: before.progress,
    });
    await jobs.finishScene(sceneJobId('job_lost', 1), false);
    expect((await get('job_lost')).progress).toBe(0.9);
    expect(await jobs.enterPhase('job_lost', 'running', 'assembling', 'encoding')).toBe(true);
    expect(await get('job_lost')).toMatchObject({ phase: 'assembling' });
  });
});

describe('the end of a job', () => {
  it('books its minutes exactly once, though completed twenty times at once', async () => {
    await rendering('job_done', 2);
    const ended = await Promise.all(Array.from({ length: 20 }, () => jobs.complete('job_done', result)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await get('job_done')).toMatchObject({
      ...{
        status: 'done',
        phase: null,
        stage: 'complete',
        progress: 1,
        outputKey: result.outputKey,
        mediaData,
      },
    });
    expect((await get('job_done')).endedAt).toBeInstanceOf(Date);
    expect(await test.sql(`SELECT minutes FROM usage_records WHERE job_id = 'job_done'`)).toEqual([
      { minutes: 1.5 },
    ]);
    expect((await jobs.scenes('job_done')).map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('fails the scene that is named and cancels the others', async () => {
    await rendering('job_fail', 4);
    await jobs.finishScene(sceneJobId('job_fail', 0), false);
    const error = failure({ sceneId: 'scene 2', sceneIndex: 2, stderrTail: 'a NUL \0 and a lone \ud800' });
    expect(await jobs.fail('job_fail', { ...error, line: 'SCENE_RENDER_FAILED: a NUL \0 in it' })).toBe(true);
    const rows = await jobs.scenes('job_fail');
    expect(rows.map(({ status }) => status)).toEqual(['done', 'cancelled', 'failed', 'cancelled']);
    expect(rows[2]).toMatchObject({ error: 'SCENE_RENDER_FAILED: a NUL  in it', errorDetail: error.detail });
    expect(rows[1]?.error).toBeNull();
    expect(await get('job_fail')).toMatchObject({
      ...{ status: 'failed', phase: null, errorDetail: error.detail },
    });
    expect(await test.sql(`SELECT 1 FROM usage_records WHERE job_id = 'job_fail'`)).toEqual([]);
  });

  it.each(['done', 'failed', 'cancelled'] as const)('is never left again: %s', async (status) => {
    const jobId = `job_final_${status}`;
    await rendering(jobId, 2);
    await jobs.finishScene(sceneJobId(jobId, 0), false);
    if (status === 'done') await jobs.complete(jobId, result);
    if (status === 'failed') await jobs.fail(jobId, failure());
    if (status === 'cancelled') await jobs.cancel(jobId);
    const before = [await get(jobId), ...(await jobs.scenes(jobId))];
    expect(await jobs.complete(jobId, { ...result, outputKey: 'other' })).toBe(false);
    expect(await jobs.fail(jobId, failure())).toBe(false);
    expect(await jobs.cancel(jobId)).toBe(false);
    expect(await jobs.enterPhase(jobId, 'running', 'uploading', 'uploading')).toBe(false);
    await jobs.raiseProgress(jobId, 0.99, 'verifying');
    await jobs.createScenes(jobId, newScenes(jobId, 3));
    await jobs.startScene(sceneJobId(jobId, 1), 2);
    await jobs.reportScene(sceneJobId(jobId, 1), 0.9, 'encoding');
    await jobs.finishScene(sceneJobId(jobId, 1), true);
    await jobs.reopenScenes(jobId, [0]);
    expect([await get(jobId), ...(await jobs.scenes(jobId))]).toEqual(before);
  });

  it('is one of three, though all are tried at once', async () => {
    for (let round = 0; round < 10; round++) {
      const jobId = `job_end_${round}`;
      await rendering(jobId, 3);
      const ends = await Promise.all([
        jobs.complete(jobId, result),
        jobs.fail(jobId, failure()),
        jobs.cancel(jobId),
      ]);
      expect(ends.filter(Boolean)).toHaveLength(1);
      expect((await get(jobId)).status).toBe((['done', 'failed', 'cancelled'] as const)[ends.indexOf(true)]);
    }
  });

  it('of a scene job comes with its parent only', async () => {
    await rendering('job_parent', 1);
    expect(await jobs.cancel(sceneJobId('job_parent', 0))).toBe(false);
    expect(await jobs.complete(sceneJobId('job_parent', 0), result)).toBe(false);
  });
});

describe('removing a job', () => {
  it('takes an ended one with its scenes, but not its minutes', async () => {
    await rendering('job_gone', 2);
    expect(await jobs.remove('user_1', 'job_gone')).toBe(false);
    await jobs.complete('job_gone', result);
    expect(await jobs.remove('user_2', 'job_gone')).toBe(false);
    expect(await jobs.remove('user_1', sceneJobId('job_gone', 0))).toBe(false);
    expect(await jobs.remove('user_1', 'job_gone')).toBe(true);
    expect(await jobs.get('job_gone')).toBeNull();
    expect(await jobs.scenes('job_gone')).toEqual([]);
    expect(await test.sql(`SELECT minutes FROM usage_records WHERE job_id = 'job_gone'`)).toHaveLength(1);
  });
});
