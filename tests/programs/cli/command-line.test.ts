// The command as a process: what it prints where, and how it ends.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeApi, fault, jobView, json, serveRender, startFakeApi } from '../../support/fake-server.ts';
import { type End, startScenemill } from '../../support/run-scenemill.ts';

let api: FakeApi;
let folder: string;
beforeEach(async () => {
  api = await startFakeApi();
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'movie.json'), JSON.stringify({ scenes: [{ id: 'one', layers: [] }] }));
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const scenemill = (...commandLine: readonly string[]): Promise<End> =>
  startScenemill({ folder, environment: api.environment }, commandLine).ended;

const film = Buffer.from('the film');

test('render submits, fetches the film and says one JSON value on stdout', async () => {
  serveRender(api, film);
  const { code, stdout, stderr } = await scenemill(
    'render',
    'movie.json',
    '--json',
    '--crf',
    '30',
    '-o',
    'out/film.mp4',
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ jobId: 'job_1', output: join(folder, 'out/film.mp4') });
  expect(await readFile(join(folder, 'out/film.mp4'))).toEqual(film);
  const submitted: unknown = JSON.parse(String(api.calls.find(({ url }) => url === '/v1/render/jobs')?.body));
  expect(submitted).toMatchObject({ kind: 'movie', projectId: 'default', renderOptions: { crf: 30 } });
});

test('render of a job that fails ends with 1, its reason and no film', async () => {
  serveRender(
    api,
    film,
    jobView({
      status: 'failed',
      phase: null,
      error: 'SCENE_RENDER_FAILED: FFmpeg exited with code 1 on one',
      errorDetail: {
        code: 'SCENE_RENDER_FAILED',
        hint: 'Look at the clip.',
        sceneId: 'one',
        sceneIndex: 0,
        attempt: 1,
        stderrTail: 'moov atom not found',
      },
    }),
  );
  const { code, stdout, stderr } = await scenemill('render', 'movie.json');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('✗ SCENE_RENDER_FAILED: FFmpeg exited with code 1 on one');
  expect(stderr).toContain('scene one');
  expect(stderr).toContain('moov atom not found');
  expect(stderr).toContain('→ Look at the clip.');
  await expect(readFile(join(folder, 'movie.mp4'))).rejects.toThrow();
});

test('a film that came damaged is not left as if it were whole', async () => {
  serveRender(api, film);
  api.on('GET /objects/out.mp4', (response) => response.end('half'));
  const { code, stderr } = await scenemill('render', 'movie.json');
  expect(code).toBe(1);
  expect(stderr).toContain('DOWNLOAD_DAMAGED');
  await expect(readFile(join(folder, 'movie.mp4'))).rejects.toThrow();
});

test('a refused document ends with 1 and names every path', async () => {
  const details = [
    { path: 'movie.scenes[0].layers[0].type', message: 'is "vidoe"', hint: 'Did you mean "video"?' },
    { path: 'movie.fps', message: 'is 0', hint: null },
  ];
  api.on('POST /v1/render/validate', json({ valid: true, issues: [] }));
  api.on('POST /v1/render/jobs', fault(400, 'VALIDATION_ERROR', 'The document is not valid.', { details }));
  const told = await scenemill('render', 'movie.json');
  expect(told.code).toBe(1);
  for (const text of ['movie.scenes[0].layers[0].type', '→ Did you mean "video"?', 'movie.fps']) {
    expect(told.stderr).toContain(text);
  }
  const asJson = await scenemill('render', 'movie.json', '--json');
  expect(asJson.code).toBe(1);
  expect(JSON.parse(asJson.stdout)).toEqual({
    error: 'The document is not valid.',
    code: 'VALIDATION_ERROR',
    details,
  });
});

test.each([
  [['render'], /^✗ missing required argument 'movie.json'\. "scenemill --help" lists/],
  [['render', 'movie.json', '--crf', '99'], /whole number from 0 to 51/],
  [['render', 'gone.json'], /^✗ There is no file \/\S+gone\.json\.\n$/],
  [['dance'], /^✗ unknown command 'dance'.* "scenemill --help" lists/],
  [['status', '--loud', 'x'], /unknown option '--loud'/],
  [[], /✗ No command was given\.\n$/],
])('the wrong usage %j ends with 2, and says what was wrong', async (wrong, text) => {
  const { code, stdout, stderr } = await scenemill(...wrong);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(text);
});

test('a key that the server does not know is told as it is given here', async () => {
  api.on('GET /v1/jobs', fault(401, 'UNAUTHORIZED', 'Send the key as "x-api-key: KEY".'));
  const { code, stderr } = await scenemill('list');
  expect(code).toBe(1);
  expect(stderr).toContain('--api-key or SCENEMILL_API_KEY');
});

test('help ends with 0', async () => {
  const { code, stdout } = await scenemill('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('render [options] <movie.json>');
});

test('validate tells all faults and ends with 1, or says that there are none', async () => {
  const issues = [{ code: 'X', path: 'movie.scenes', message: 'is empty', hint: null }];
  api.on('POST /v1/render/validate', json({ valid: false, issues }), json({ valid: true, issues: [] }));
  expect(await scenemill('validate', 'movie.json')).toMatchObject({ code: 1, stdout: '' });
  expect((await scenemill('validate', 'movie.json')).stdout).toContain('movie.json is valid');
});

test('render tells a missing file and other faults together, before anything is sent', async () => {
  const layers = [{ type: 'image', src: 'gone.png' }];
  await writeFile(join(folder, 'movie.json'), JSON.stringify({ scenes: [{ id: 'one', layers }] }));
  const issues = [{ code: 'X', path: 'movie.fps', message: 'is 0', hint: null }];
  api.on('POST /v1/render/validate', json({ valid: false, issues }));
  const { code, stderr } = await scenemill('render', 'movie.json');
  expect(code).toBe(1);
  for (const text of ['movie.scenes[0].layers[0].src', 'There is no file', 'movie.fps'])
    expect(stderr).toContain(text);
  expect(api.calls.map(({ url }) => url)).toEqual(['/v1/render/validate']);
});

test('validate passes over a file that is not uploaded yet, and over nothing else', async () => {
  const layers = ['new.png', 'new.png'].map((src) => ({ type: 'image', src }));
  await writeFile(join(folder, 'movie.json'), JSON.stringify({ scenes: [{ id: 'one', layers }] }));
  await writeFile(join(folder, 'new.png'), 'new');
  const issue = (path: string) => ({ code: 'X', path, message: 'is wrong', hint: null });
  const unknown = [issue('movie.scenes[0].layers[0].src'), issue('movie.scenes[0].layers[1].src')];
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on(
    'POST /v1/render/validate',
    json({ valid: false, issues: unknown }),
    json({ valid: false, issues: [...unknown, issue('movie.fps')] }),
  );
  expect((await scenemill('validate', 'movie.json')).stdout).toContain(
    'is valid. 2 of its sources are judged once they are uploaded.',
  );
  const { code, stderr } = await scenemill('validate', 'movie.json');
  expect(code).toBe(1);
  expect(stderr).toContain('movie.fps');
  expect(stderr).not.toContain('.src');
});

test('status, list and cancel answer for a person and for a program', async () => {
  serveRender(api, film);
  api.on('POST /v1/jobs/job_1/cancel', json({ jobId: 'job_1', status: 'cancelled' }));
  expect((await scenemill('status', 'job_1')).stdout).toContain('1920×1080, 30 fps, 2.0 s, 1 kB');
  const list = await scenemill('list', '--json');
  expect(JSON.parse(list.stdout)).toMatchObject({ jobs: [{ sceneId: 'one' }], nextCursor: null });
  expect((await scenemill('cancel', 'job_1')).stdout).toBe('job_1: done\n');
});
