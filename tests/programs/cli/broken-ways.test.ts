// What a person meets when the way to the server breaks, the server is busy, or Ctrl-C is pressed in the middle.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../../tools/wait-until.ts';
import {
  type Answer,
  asset,
  type FakeApi,
  fault,
  json,
  serveRender,
  startFakeApi,
} from '../../support/fake-server.ts';
import { type End, type Running, startScenemill } from '../../support/run-scenemill.ts';

let api: FakeApi;
let folder: string;
beforeEach(async () => {
  api = await startFakeApi();
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'clip.mp4'), 'a clip');
  const scenes = [{ id: 'one', layers: [{ type: 'video', src: 'clip.mp4' }] }];
  await writeFile(join(folder, 'movie.json'), JSON.stringify({ scenes }));
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on('POST /v1/assets', json(asset(), 201));
  serveRender(api, film);
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const film = Buffer.alloc(300_000, 'the film');

const start = (...commandLine: readonly string[]): Running =>
  startScenemill({ folder, environment: api.environment }, commandLine);
const run = (...commandLine: readonly string[]): Promise<End> => start(...commandLine).ended;
const callsTo = (route: string): number =>
  api.calls.filter(({ method, url }) => `${method} ${url.split('?')[0] ?? ''}` === route).length;

/** Sends half of the film, and then nothing, or breaks off. */
const half =
  (isBroken: boolean): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': film.length });
    response.write(film.subarray(0, film.length / 2), () => {
      if (isBroken) response.destroy();
    });
  };

const until = (isTrue: () => boolean): Promise<void> =>
  waitUntil(
    async () => {
      if (!isTrue()) throw new Error('not yet');
      await Promise.resolve();
    },
    { what: 'the moment to break off', timeoutMs: 8_000 },
  );

test('a download that breaks off is begun again', async () => {
  api.on('GET /objects/out.mp4', half(true), (response) => response.end(film));
  expect(await run('render', 'movie.json')).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'movie.mp4'))).toEqual(film);
});

test('a film that cannot be fetched is said to be on the server, and leaves no piece', async () => {
  api.on('GET /objects/out.mp4', fault(404, 'NOT_FOUND', 'There is no such object.'));
  const { code, stderr } = await run('render', 'movie.json');
  expect(code).toBe(1);
  expect(stderr).toContain('There is no such object. It is on the server: "scenemill status job_1"');
  expect(callsTo('GET /objects/out.mp4')).toBe(1);
  expect((await readdir(folder)).sort()).toEqual(['clip.mp4', 'movie.json']);
});

test('Ctrl-C during the download ends it, and leaves no piece of the film', async () => {
  api.on('GET /objects/out.mp4', half(false));
  const running = start('render', 'movie.json');
  await until(() => callsTo('GET /objects/out.mp4') === 1);
  running.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain('"scenemill status job_1"');
  expect((await readdir(folder)).sort()).toEqual(['clip.mp4', 'movie.json']);
});

test('Ctrl-C during an upload ends it, and nothing is submitted', async () => {
  api.on('POST /v1/assets', () => undefined);
  const running = start('render', 'movie.json');
  await until(() => callsTo('POST /v1/assets') === 1);
  running.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain('nothing was submitted');
  expect(callsTo('POST /v1/render/jobs')).toBe(0);
});

test('an upload and a submission whose way breaks are sent again, as one submission', async () => {
  const broken: Answer = (response) => response.destroy();
  api.on('POST /v1/assets', broken, json(asset(), 201));
  api.on('POST /v1/render/jobs', broken, json({ jobId: 'job_1', status: 'queued' }, 202));
  expect(await run('render', 'movie.json')).toMatchObject({ code: 0 });
  const keys = api.calls
    .filter(({ url }) => url === '/v1/render/jobs')
    .map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/\S/);
  expect(new Set(keys).size).toBe(1);
});

test('a limit of requests is waited for', async () => {
  const limited: Answer = (response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '0.1' });
    response.end(JSON.stringify({ error: 'Too many requests.', code: 'RATE_LIMITED' }));
  };
  api.on('GET /v1/assets', limited, json({ assets: [], nextCursor: null }));
  const { code, stderr } = await run('render', 'movie.json');
  expect(code).toBe(0);
  expect(stderr).toContain('waiting 0.1 s: ');
});

test('a server that is not there is told at once', async () => {
  await api.close();
  const { code, stderr } = await run('render', 'movie.json');
  expect(code).toBe(1);
  expect(stderr).toMatch(/NO_ANSWER: http:\/\/127\.0\.0\.1:\d+ cannot be reached \(/);
  api = await startFakeApi();
});

test('a place where no film can be written is told before anything is sent', async () => {
  await mkdir(join(folder, 'films'));
  expect(await run('render', 'movie.json', '-o', 'films')).toMatchObject({ code: 2 });
  const { code, stderr } = await run('render', 'movie.json', '-o', 'clip.mp4/film.mp4');
  expect(code).toBe(2);
  expect(stderr).toContain('The film cannot be written to ');
  expect(api.calls).toEqual([]);
});
