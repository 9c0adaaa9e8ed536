// `scenemill dev` and the commands beside it as a new user has them: real processes, the example of the README, Ctrl-C.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StackNote } from '../../../cli/connection.ts';
import { JobView } from '../../../contract/job.ts';
import { freePort } from '../../../tools/ports.ts';
import { waitUntil } from '../../../tools/wait-until.ts';
import { type End, type Running, startScenemill } from '../../support/run-scenemill.ts';
import {
  listeningAt,
  loopbackAddresses,
  processesBelow,
  processesNaming,
  stillRunning,
} from './process-table.ts';

const examples = join(import.meta.dirname, '../../../examples');
const startMsMax = 60_000;
const stopMsMax = 20_000;

let folder = '';
const occupant = createServer();
let takenPort = 0;
let dev: Dev;

type Dev = Running & { readonly note: StackNote };

const environment = (): NodeJS.ProcessEnv => ({
  HOME: process.env['HOME'],
  SCENEMILL_HOME: join(folder, 'home'),
  // Where the run of the tests has provided them.
  FFMPEG_PATH: process.env['FFMPEG_PATH'],
  FFPROBE_PATH: process.env['FFPROBE_PATH'],
  SCENEMILL_TEMPORAL_BINARY: process.env['SCENEMILL_TEMPORAL_BINARY'],
  API_PORT: String(takenPort),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-dev-'));
  await chmod(folder, 0o711);
  await cp(join(examples, 'hello', 'movie.json'), join(folder, 'movie.json'));
  takenPort = await freePort();
  await new Promise<void>((resolve) => occupant.listen(takenPort, '127.0.0.1', resolve));
  dev = await startDev();
});
afterAll(async () => {
  occupant.close();
  for (const { pid } of await processesNaming(folder)) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Resolves when the stack has said where it is. */
async function startDev(): Promise<Dev> {
  const running = start(null, 'dev', '--json');
  const readNote = (): Promise<StackNote> => Promise.resolve(StackNote.parse(JSON.parse(running.answered())));
  const note = await waitUntil(readNote, { what: 'scenemill dev', timeoutMs: startMsMax });
  return { ...running, note };
}

const start = (timeoutMs: number | null, ...commandLine: readonly string[]): Running =>
  startScenemill({ folder, environment: environment(), timeoutMs }, commandLine);
const scenemill = (...commandLine: readonly string[]): Promise<End> => start(90_000, ...commandLine).ended;

/** What `--json` answers; nothing else may have been said anywhere. */
async function answerOf<Answer>(schema: z.ZodType<Answer>, ...commandLine: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await scenemill(...commandLine, '--json');
  expect([code, stderr], stdout).toEqual([0, '']);
  return schema.parse(JSON.parse(stdout));
}

const Report = z.object({
  jobId: z.string(),
  output: z.string(),
  scenes: z.array(z.object({ name: z.string(), result: z.string() })),
  links: z.array(z.object({ url: z.string() })),
});
const nothingIsLeft = (): Promise<void> =>
  waitUntil(
    async () => {
      const left = await processesNaming(folder);
      if (left.length > 0) throw new Error(left.map(({ pid, command }) => `${pid} ${command}`).join('\n'));
    },
    { what: 'the end of all processes', timeoutMs: 2_000 },
  );

describe('the stack of a developer', () => {
  it('is up on loopback only, at another port where the wanted one is taken', async () => {
    expect(dev.note.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(dev.note.apiUrl).not.toContain(String(takenPort));
    const processes = await processesNaming(folder);
    // The command, API, worker, Temporal, and Postgres with the processes of its own.
    expect(processes.length).toBeGreaterThan(4);
    const places = (await Promise.all(processes.map(({ pid }) => listeningAt(pid)))).flat();
    expect(places.length).toBeGreaterThan(3);
    for (const place of places) expect(loopbackAddresses).toContain(place);
  });

  it('shows its API page and Temporal’s UI', async () => {
    for (const url of [dev.note.docsUrl, dev.note.temporalUiUrl])
      expect((await fetch(url ?? '')).status).toBe(200);
  });

  it('keeps its key from other accounts', async () => {
    for (const file of ['stack.json', 'secrets.json'])
      expect((await stat(join(folder, 'home', file))).mode & 0o077).toBe(0);
  });

  it('renders the example of the README, and the second time takes every scene from the cache', async () => {
    const first = await answerOf(Report, 'render', 'movie.json');
    expect(first.output).toBe(join(folder, 'movie.mp4'));
    expect(first.scenes.map(({ name, result }) => [name, result])).toEqual([
      ['hello', 'rendered'],
      ['film', 'rendered'],
    ]);
    expect(first.links.map(({ url }) => url)).toEqual([dev.note.docsUrl, dev.note.temporalUiUrl]);
    const second = await answerOf(Report, 'render', 'movie.json', '-o', 'again.mp4');
    expect(second.scenes.map(({ result }) => result)).toEqual(['cached', 'cached']);
    const films = await Promise.all(['movie.mp4', 'again.mp4'].map((name) => readFile(join(folder, name))));
    expect(films[0]?.subarray(4, 8).toString('latin1')).toBe('ftyp');
    expect(films[0]?.equals(films[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('answers every other command, to programs as well', async () => {
    const { jobId } = await answerOf(z.object({ jobId: z.string() }), 'render', 'movie.json', '--no-wait');
    expect((await answerOf(JobView, 'status', jobId)).jobId).toBe(jobId);
    const Jobs = z.object({ jobs: z.array(JobView) });
    expect((await answerOf(Jobs, 'list', '--limit', '1')).jobs[0]?.jobId).toBe(jobId);
    await waitUntil(
      async () => {
        const { status } = await answerOf(JobView, 'status', jobId);
        if (status !== 'done') throw new Error(status);
      },
      { what: 'the film', timeoutMs: 30_000 },
    );
    const plan = await answerOf(z.object({ scenes: z.array(z.unknown()) }), 'plan', jobId);
    expect(plan.scenes).toHaveLength(2);
    const retried = await answerOf(z.object({ jobId: z.string() }), 'retry', jobId);
    expect(retried.jobId).not.toBe(jobId);
    expect(await answerOf(z.object({ valid: z.boolean() }), 'validate', 'movie.json')).toEqual({
      valid: true,
    });
    const { code, stdout } = await scenemill('cancel', jobId, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { code: 'INVALID_STATE' }]);
  });

  it('goes on where only a watcher is ended by Ctrl-C, ends whole at its own, and leaves no process', async () => {
    const fade = { type: 'fade', duration: 20 };
    const layers = [{ type: 'text', text: 'slowly', rotation: 7, in: fade }];
    const scenes = ['one', 'two', 'three', 'four'].map((id) => ({ id, duration: 20, layers }));
    await writeFile(join(folder, 'long.json'), JSON.stringify({ width: 1280, height: 720, scenes }));
    const watcher = start(90_000, 'render', 'long.json');
    const isEncoding = async (): Promise<void> => {
      const found = await processesBelow(dev.pid ?? 0);
      if (!found.some(({ command }) => /ffmpeg\S* [^]*libx264/.test(command))) throw new Error('not yet');
    };
    await waitUntil(isEncoding, { what: 'FFmpeg', timeoutMs: 30_000 });
    watcher.kill('SIGINT');
    const end = await watcher.ended;
    expect(end.code).toBe(130);
    expect(end.stderr).toMatch(/The job goes on: "scenemill status job_/);
    const Jobs = z.object({ jobs: z.array(JobView) });
    expect((await answerOf(Jobs, 'list', '--limit', '1')).jobs[0]?.endedAt).toBeNull();
    await isEncoding();

    const below = await processesBelow(dev.pid ?? 0);
    expect(below.length).toBeGreaterThan(5);
    const begun = performance.now();
    // Twice, as it comes where npm hands on what the terminal has sent already.
    dev.kill('SIGINT');
    dev.kill('SIGINT');
    expect((await dev.ended).code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(stopMsMax);
    await nothingIsLeft();
    expect(await stillRunning(below)).toEqual([]);
    await expect(stat(join(folder, 'home', 'stack.json'))).rejects.toThrow('ENOENT');
    expect((await scenemill('list')).code).toBe(2);
  });

  it('has its key, its jobs and its films again after a new start', async () => {
    const before = dev.note;
    dev = await startDev();
    expect(dev.note.apiKey).toBe(before.apiKey);
    const Jobs = z.object({ jobs: z.array(JobView) });
    // The film that was under way goes on; nobody waits for it here.
    const [goesOn] = (await answerOf(Jobs, 'list', '--limit', '1')).jobs;
    await scenemill('cancel', goesOn?.jobId ?? '');
    const done = await answerOf(Jobs, 'list', '--status', 'done');
    expect(done.jobs.length).toBeGreaterThanOrEqual(3);
    const again = await answerOf(Report, 'render', 'movie.json', '-o', 'third.mp4');
    expect(again.scenes.map(({ result }) => result)).toEqual(['cached', 'cached']);
    dev.kill('SIGTERM');
    expect((await dev.ended).code).toBe(0);
    await nothingIsLeft();
  });
});

describe('the demo', () => {
  it('that is ended by Ctrl-C while it sets things up leaves no process', async () => {
    const demo = join(import.meta.dirname, '../../../cli/demo.ts');
    const args = ['--import', import.meta.resolve('tsx'), demo];
    const child = spawn(process.execPath, args, { cwd: folder, env: environment() });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString('utf8')));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const isHalfWay = async (): Promise<void> => {
      // The word of the database: then the command listens for Ctrl-C, and has something to take along.
      const isUp = (await processesNaming(folder)).some(({ command }) => command.includes('bin/postgres'));
      if (!isUp) throw new Error(said);
    };
    await waitUntil(isHalfWay, { what: 'the first servers', timeoutMs: 30_000 });
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said).toContain('nothing is left running');
    await nothingIsLeft();
  });
});
