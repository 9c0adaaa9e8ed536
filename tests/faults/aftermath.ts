// What must hold after every case: right state, right file, empty scratch, no process left, minutes booked at most once.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { ballastName } from './small-disk.ts';
import { until, untilEnded } from './wait.ts';
import type { World } from './world.ts';

const settleMs = 20_000;

/** The job is done with the very bytes of an undisturbed run. */
export async function expectDone(world: World, jobId: string, movie: MovieInput): Promise<JobView> {
  const view = await untilEnded(world, jobId);
  expect(view.error).toBeNull();
  expect(view.status).toBe('done');
  expect(view.progress).toBe(1);
  const found = await filmHash(view);
  expect(found).toBe(view.mediaData?.sha256);
  await expectClean(world, jobId);
  expect(await minutesBooked(world, jobId)).toEqual([(view.mediaData?.duration ?? 0) / 60]);
  expect(found).toBe(await undisturbedHash(world, movie));
  return view;
}

/** The job ended without a film, and left nothing and cost nothing. */
export async function expectNoFilm(
  world: World,
  jobId: string,
  status: 'failed' | 'cancelled',
): Promise<JobView> {
  const view = await untilEnded(world, jobId);
  expect(view).toMatchObject({ status, outputUrl: null, phase: null });
  await expectClean(world, jobId);
  expect(await objectsBelow(world, `outputs/${jobId}/`)).toEqual([]);
  expect(await minutesBooked(world, jobId)).toEqual([]);
  return view;
}

/** Of the same document rendered anew, every scene of it, with nothing in its way. */
async function undisturbedHash(world: World, movie: MovieInput): Promise<string> {
  world.proxy.clear();
  await world.encoder.clear();
  const jobId = await world.submit(movie, { renderOptions: { cache: 'refresh', reuseActive: false } });
  const view = await untilEnded(world, jobId);
  expect(view.error).toBeNull();
  return filmHash(view);
}

export async function filmHash(view: JobView): Promise<string> {
  if (view.outputUrl === null) throw new Error(`${view.jobId} has no output.`);
  const response = await fetch(view.outputUrl);
  if (!response.ok) throw new Error(`The output of ${view.jobId} answers ${response.status}.`);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}

export async function minutesBooked(world: World, jobId: string): Promise<readonly number[]> {
  const rows = await world.sql<{ minutes: number }>(
    'SELECT minutes FROM usage_records WHERE job_id = $<jobId>',
    { jobId },
  );
  return rows.map(({ minutes }) => minutes);
}

/** Empty scratch, no FFmpeg left, no intermediates. What is being removed just now is waited for. */
export async function expectClean(world: World, jobId: string): Promise<void> {
  const traces = async (): Promise<readonly string[]> => [
    ...(await scratchFiles(world)),
    ...(await leftoverProcesses(world)),
    ...(await objectsBelow(world, `intermediates/${jobId}/`)),
  ];
  await until(async () => (await traces()).length === 0, 'a clean place', settleMs).catch(() => undefined);
  expect(await traces()).toEqual([]);
}

/** What an attempt that failed has used is given back before the next one. */
export async function expectEmptyScratch(world: World): Promise<void> {
  await until(async () => (await scratchFiles(world)).length === 0, 'an empty scratch folder', settleMs);
}

export async function objectsBelow(world: World, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of world.store.list(prefix)) keys.push(key);
  return keys;
}

/** The worker's own cache of sources, and the frames it keeps for all scenes, are no scratch of a job. */
export async function scratchFiles(world: World): Promise<readonly string[]> {
  const root = scratchOf(world);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !path.startsWith('/sources/') && !path.includes('/worker-'))
    .filter((path) => path !== `/${ballastName}`);
}

function scratchOf({ stack }: World): string {
  return stack.environment.RENDER_SCRATCH_DIR ?? join(stack.home, 'scratch');
}

/** Programs that work in this world's scratch folder or come from its folder of faults. */
export async function leftoverProcesses(world: World): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const isZombie = / Z /.test(state.slice(state.lastIndexOf(')')));
    const isOurs = command.includes(scratchOf(world)) || command.includes(`${world.home}/faults`);
    if (isOurs && !isZombie) found.push(`${pid} ${command.replaceAll('\0', ' ').slice(0, 200)}`);
  }
  return found;
}
