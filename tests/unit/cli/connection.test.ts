import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTarget } from '../../../cli/connection.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await mkdir(join(folder, '.scenemill'));
  await mkdir(join(folder, 'deep', 'down'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const note = {
  apiUrl: 'http://127.0.0.1:8787',
  apiKey: 'sm_note',
  projectId: 'default',
  temporalUiUrl: null,
  docsUrl: 'http://127.0.0.1:8787/docs',
  pid: process.pid,
};
const leaveNote = (changes = {}) =>
  writeFile(join(folder, '.scenemill', 'stack.json'), JSON.stringify({ ...note, ...changes }));
const nothing = { apiUrl: null, apiKey: null };

test('a running dev stack is found from any folder below', async () => {
  await leaveNote();
  await expect(findTarget(nothing, {}, join(folder, 'deep', 'down'))).resolves.toMatchObject(note);
});

test('options count before the environment, and both before the dev stack', async () => {
  await leaveNote();
  const environment = { SCENEMILL_API_URL: 'http://env.test', SCENEMILL_API_KEY: 'sm_env' };
  await expect(findTarget(nothing, environment, folder)).resolves.toMatchObject({
    apiUrl: 'http://env.test',
    apiKey: 'sm_env',
  });
  const given = { apiUrl: 'http://given.test', apiKey: null };
  await expect(findTarget(given, environment, folder)).resolves.toMatchObject({
    apiUrl: 'http://given.test',
  });
});

test('an empty variable counts as not set', async () => {
  await leaveNote();
  const environment = { SCENEMILL_API_URL: '', SCENEMILL_API_KEY: '', SCENEMILL_HOME: '' };
  await expect(findTarget(nothing, environment, folder)).resolves.toMatchObject(note);
});

test('a note that outlived its stack is told as such', async () => {
  // No process has a number so large.
  await leaveNote({ pid: 2 ** 30 });
  await expect(findTarget(nothing, {}, folder)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/^The dev stack that was at \S+ has ended .*"scenemill dev"/) as string,
  });
});

test('the key of the dev stack is not sent to another server', async () => {
  await leaveNote();
  const elsewhere = { apiUrl: 'http://elsewhere.test', apiKey: null };
  await expect(findTarget(elsewhere, {}, folder)).rejects.toMatchObject({ exitCode: 2 });
  const same = { apiUrl: note.apiUrl, apiKey: null };
  await expect(findTarget(same, {}, folder)).resolves.toMatchObject({ apiKey: 'sm_note' });
});

test('no server, a wrong address and a damaged note are told as what they are', async () => {
  const home = { SCENEMILL_HOME: join(folder, '.scenemill') };
  await expect(findTarget(nothing, home, folder)).rejects.toMatchObject({ code: 'USAGE', exitCode: 2 });
  const wrong = { apiUrl: 'localhost:8787', apiKey: 'k' };
  await expect(findTarget(wrong, home, folder)).rejects.toThrow(
    '"localhost:8787" is not the URL of a server.',
  );
  await writeFile(join(folder, '.scenemill', 'stack.json'), '{"apiUrl":');
  await expect(findTarget(nothing, home, folder)).rejects.toMatchObject({ code: 'STACK_NOTE_DAMAGED' });
});
