import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadFontCatalogue } from '../../../drawing/index.ts';

test('the catalogue holds every family in the order of fallback', async () => {
  const faces = await loadFontCatalogue();
  const families = [...new Set(faces.map((face) => face.family))];
  expect(families).toEqual([
    'Noto Sans',
    'Noto Naskh Arabic',
    'Noto Sans Hebrew',
    'Noto Sans JP',
    'Noto Color Emoji',
  ]);
  const weights = (family: string, style: string) =>
    faces.filter((face) => face.family === family && face.style === style).map((face) => face.weight);
  const all = [100, 200, 300, 400, 500, 600, 700, 800, 900];
  expect(weights('Noto Sans', 'normal')).toEqual(all);
  expect(weights('Noto Sans', 'italic')).toEqual(all);
  expect(weights('Noto Sans Hebrew', 'normal')).toEqual(all);
  expect(weights('Noto Sans JP', 'normal')).toEqual(all);
  expect(weights('Noto Naskh Arabic', 'normal')).toEqual([400, 500, 600, 700]);
  expect(weights('Noto Color Emoji', 'normal')).toEqual([400]);
});

test('a face is named by the hash of its own file', async () => {
  const faces = await loadFontCatalogue();
  expect(new Set(faces.map((face) => face.sha256)).size).toBe(faces.length);
  const [first] = faces;
  const bytes = await readFile(first?.path ?? '');
  expect(first?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('files are read once', async () => {
  expect(await loadFontCatalogue()).toBe(await loadFontCatalogue());
});
