// Housekeeping as it happens: Temporal's schedule starts it, beside a job that runs, on the real database and store.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { MovieInput } from '../../contract/movie.ts';
import { houseScheduleId } from '../../contract/names.ts';
import { openConnection } from '../../database/driver.ts';
import type { HouseReport } from '../../workflows/activity-types.ts';
import { download, job, renderFilm, submit, untilJob } from '../support/film-client.ts';

let folder = '';
let connection: Connection;
const database = openConnection({ connectionString: inject('stack').databaseUrl, max: 1 });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-house-'));
  connection = await Connection.connect({ address: inject('stack').temporalAddress });
});
afterAll(async () => {
  await connection.close();
  await database.$pool.end();
  await rm(folder, { recursive: true, force: true });
});

const sql = <Row>(text: string, values: object): Promise<Row[]> => database.manyOrNone<Row>(text, values);

/** Scenes that nobody else renders. */
function movie(...seconds: readonly number[]): MovieInput {
  return {
    width: 160,
    height: 90,
    fps: 30,
    scenes: seconds.map((duration, index) => ({
      id: `s${index}`,
      duration,
      layers: [
        {
          type: 'text',
          text: `kept house ${index} ${duration}`,
          fontSize: 12,
          in: { type: 'fade', duration },
        },
      ],
    })),
  };
}

/** What the round did that the schedule was told to start. */
async function keepHouse(): Promise<HouseReport> {
  const { schedule, workflow } = new Client({ connection });
  const handle = schedule.getHandle(houseScheduleId);
  const rounds = async () => (await handle.describe()).info.recentActions;
  const started = async (): Promise<readonly string[]> =>
    (await rounds()).map(({ action }) => action.workflow.workflowId);
  const before = await started();
  // A round's id ends in the second in which it began: there is no second one within it.
  const lastMs = (await rounds()).at(-1)?.takenAt.getTime() ?? 0;
  await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(lastMs + 1_000);
  await handle.trigger();
  const isNew = async () => (await started()).find((id) => !before.includes(id)) ?? '';
  await expect.poll(isNew, { timeout: 30_000 }).not.toBe('');
  return (await workflow.getHandle(await isNew()).result()) as HouseReport;
}

const clipsOf = async (jobId: string): Promise<string[]> => {
  const plan = JSON.parse(
    await readFile(join(inject('stack').home, 'store', 'render-plans', jobId, 'plan.json'), 'utf8'),
  ) as { readonly scenes: readonly { readonly pictureKey: string }[] };
  return plan.scenes.map(({ pictureKey }) => pictureKey);
};

const known = async (keys: readonly string[]): Promise<string[]> =>
  (
    await sql<{ key: string }>('SELECT key FROM scene_clips WHERE key = ANY ($<keys>) ORDER BY key', { keys })
  ).map(({ key }) => key);

const lastUsed = (key: string, ago: string): Promise<unknown> =>
  sql('UPDATE scene_clips SET used_at = now() - $<ago>::interval WHERE key = $<key>', { key, ago });

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** As if another job were rendering it: who needs the clip waits for as long as this lasts. */
async function whileClaimed(key: string, work: () => Promise<void>): Promise<void> {
  await sql(`INSERT INTO clip_claims VALUES ($<key>, 'another', 1, now() + interval '1 hour')`, { key });
  await work();
  await sql('DELETE FROM clip_claims WHERE key = $<key>', { key });
}

it('removes what is too old, and what there is no room for, under a job that uses it', async () => {
  const film = movie(0.5, 0.7, 0.9, 1.1);
  const first = await renderFilm(film, folder);
  const [old = '', cold = '', warm = '', lost = ''] = await clipsOf(first.job.jobId);
  await sql('DELETE FROM scene_clips WHERE key = $<lost>', { lost });
  let jobId = '';
  await whileClaimed(lost, async () => {
    jobId = await submit(film);
    await untilJob(jobId, ({ children }) => children?.cached === 3);
    await lastUsed(old, '61 days');
    await lastUsed(cold, '2 hours');
    expect((await keepHouse()).clips).toBe(1);
    expect(await known([old, cold, warm])).toEqual([cold, warm].sort());
    // A cache that is full: of it, only what was at rest for a while goes.
    await sql(
      `INSERT INTO scene_clips (key, kind, bytes, sha256, length) VALUES ('full', 'picture', 1e15, '', 1)`,
      {},
    );
    expect((await keepHouse()).clips).toBe(1);
    await sql(`DELETE FROM scene_clips WHERE key = 'full'`, {});
    expect(await known([old, cold, warm])).toEqual([warm]);
    expect((await job(jobId)).status).not.toBe('done');
  });
  const { outputUrl } = await untilJob(jobId, ({ status }) => status === 'done');
  await download(outputUrl ?? '', join(folder, 'under-housekeeping.mp4'));
  expect(await sha256(join(folder, 'under-housekeeping.mp4'))).toBe(await sha256(first.path));
});

it("removes an output once its user's plan keeps it no longer; the job says when", async () => {
  const { job: done } = await renderFilm(movie(0.4), folder);
  const { jobId } = done;
  const plan = (name: string) =>
    sql(
      'UPDATE users SET plan = $<name> WHERE user_id = (SELECT user_id FROM jobs WHERE job_id = $<jobId>)',
      {
        name,
        jobId,
      },
    );
  await plan('enterprise');
  await sql(`UPDATE jobs SET ended_at = now() - interval '366 days' WHERE job_id = $<jobId>`, { jobId });
  expect((await keepHouse()).outputs).toBe(1);
  await plan('unlimited');
  expect(await job(jobId)).toMatchObject({
    status: 'done',
    outputUrl: null,
    outputExpiredAt: expect.any(String) as string,
  });
  expect((await fetch(done.outputUrl ?? '')).status).toBe(404);
});
