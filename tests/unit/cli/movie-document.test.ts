import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDocument, sceneIdsOf, withWishes } from '../../../cli/movie-document.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function documentOf(text: string) {
  const file = join(folder, 'movie.json');
  await writeFile(file, text);
  return await readDocument(file);
}
const noWishes = { projectId: null, preset: null, concurrency: null, crf: null };

test('a bare movie is wrapped, a whole submission is kept', async () => {
  const bare = await documentOf('{"title":"x","scenes":[]}');
  expect(withWishes(bare, noWishes, 'default').submission).toEqual({
    kind: 'movie',
    projectId: 'default',
    renderOptions: {},
    movie: { title: 'x', scenes: [] },
  });
  const whole = await documentOf(
    '{"kind":"movie","projectId":"mine","movie":{"scenes":[]},"callbackUrl":"u"}',
  );
  expect(withWishes(whole, noWishes, 'default').submission).toMatchObject({
    projectId: 'mine',
    callbackUrl: 'u',
  });
});

test('the command line counts before the document', async () => {
  const found = await documentOf(
    '{"kind":"movie","projectId":"mine","movie":{},"renderOptions":{"crf":30,"cache":"refresh"}}',
  );
  const wishes = { projectId: 'other', preset: 'turbo', concurrency: 2, crf: 18 };
  expect(withWishes(found, wishes, 'default').submission).toMatchObject({
    projectId: 'other',
    renderOptions: { crf: 18, cache: 'refresh', qualityPreset: 'turbo', requestedConcurrency: 2 },
  });
});

test('what is no document is told with its place', async () => {
  await expect(documentOf('{\n  "scenes": [1 2]\n}')).rejects.toThrow(/movie\.json, line 2, column 16: /);
  await expect(documentOf('[1]')).rejects.toMatchObject({ code: 'NOT_A_DOCUMENT' });
  await expect(documentOf('{"layers":[]}')).rejects.toMatchObject({ code: 'NOT_A_DOCUMENT' });
  await expect(readDocument(join(folder, 'none.json'))).rejects.toMatchObject({ exitCode: 2 });
});

test('a byte order mark before the text is passed over', async () => {
  const found = await documentOf('\uFEFF{"scenes":[]}');
  expect(found.submission.movie).toEqual({ scenes: [] });
});

test('scene ids come in film order, also of a movie that is not valid', () => {
  expect(sceneIdsOf({ scenes: [{ id: 'a' }, {}, 7] })).toEqual(['a', 'scene 2', 'scene 3']);
  expect(sceneIdsOf({})).toEqual([]);
  expect(sceneIdsOf(null)).toEqual([]);
});
