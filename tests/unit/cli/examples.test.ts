import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument, withWishes } from '../../../cli/movie-document.ts';
import { findLocalSources, mapSources } from '../../../cli/source-references.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import { recipes } from '../../../examples/showreel/make-media.ts';

const examples = join(import.meta.dirname, '../../../examples');
const noWishes = { projectId: null, preset: null, concurrency: null, crf: null };

async function parsed(name: string): Promise<RenderSubmission> {
  const found = withWishes(await readDocument(join(examples, name, 'movie.json')), noWishes, 'default');
  const movie = mapSources(found.submission.movie, () => 'asset:x');
  return RenderSubmission.parse({ ...found.submission, movie });
}

test.each(['hello', 'showreel'])('the example %s is a valid document', async (name) => {
  await expect(parsed(name)).resolves.toMatchObject({ kind: 'movie', projectId: 'default' });
});

test('the showreel is as long, as large and as varied as it should be', async () => {
  const { movie } = await parsed('showreel');
  const lengths = movie.scenes.map((scene) => (scene.duration === 'auto' ? Number.NaN : scene.duration));
  const seconds = lengths.reduce((sum, length) => sum + length, 0);
  expect([movie.width, movie.height, movie.fps]).toEqual([1920, 1080, 30]);
  expect(movie.scenes.length).toBeGreaterThanOrEqual(10);
  expect(seconds).toBeGreaterThanOrEqual(40);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(new Set(movie.scenes.map((scene) => scene.id)).size).toBe(movie.scenes.length);
  const types = new Set(movie.scenes.flatMap((scene) => scene.layers.map((layer) => layer.type)));
  expect([...types].sort()).toEqual(['color', 'image', 'shape', 'text', 'video']);
  expect(movie.audio).toHaveLength(1);
  expect(movie.overlays).toHaveLength(1);
});

test('the showreel has each thing that it is to show', async () => {
  const { movie } = await parsed('showreel');
  const isWhole = (length: unknown): boolean => length === '100%';
  const scenesWith = (
    isIt: (layer: RenderSubmission['movie']['scenes'][number]['layers'][number]) => boolean,
  ) => movie.scenes.filter(({ layers }) => layers.some(isIt)).map(({ id }) => id);
  expect(scenesWith((layer) => layer.type === 'video' && isWhole(layer.width)).length).toBeGreaterThanOrEqual(
    4,
  );
  expect(
    scenesWith((layer) => layer.type === 'image' && layer.motion !== undefined).length,
  ).toBeGreaterThanOrEqual(3);
  // A picture in a picture: a video that fills the canvas, and a smaller one over it.
  const inset = scenesWith((layer) => layer.type === 'video' && !isWhole(layer.width));
  const ground = scenesWith((layer) => layer.type === 'video' && isWhole(layer.width));
  expect(inset.filter((id) => ground.includes(id))).toContain('picture-in-picture');
  // A lower third: text in the lowest third, at the left, that comes and goes while its scene stays.
  const isLow = (y: unknown): boolean => typeof y === 'number' && y > (movie.height * 2) / 3;
  const lowerThirds = scenesWith(
    (layer) =>
      layer.type === 'text' && isLow(layer.y) && typeof layer.x === 'number' && layer.in !== undefined,
  );
  expect(lowerThirds.length).toBeGreaterThanOrEqual(1);
  expect(scenesWith((layer) => layer.type === 'video' && !layer.muted)).toContain('own-sound');
  expect(movie.audio[0]).toMatchObject({ duration: 'fill', fadeIn: 1, fadeOut: 3.5 });
});

test('every medium of the showreel has a recipe, and every recipe is used', () => {
  const document: unknown = JSON.parse(readFileSync(join(examples, 'showreel/movie.json'), 'utf8'));
  const used = new Set(findLocalSources(document).map(({ source }) => source));
  expect([...used].sort()).toEqual(recipes.map(({ file }) => `media/${file}`).sort());
});
