// A1 and A5: films as large as the contract allows, and names that mean something to stores, shells and file systems.
import { describe, expect, it } from 'vitest';
import { Movie } from '../../contract/movie.ts';
import { compileMovie } from '../../plan-compiler/compile-movie.ts';
import { objectKeys } from '../../storage/object-keys.ts';
import { compileInput, planOf } from '../support/plan-inputs.ts';

const layer = { type: 'color', color: '#336699' } as const;
const scene = (index: number, layers = 1) => ({
  id: `scene-${index}`,
  duration: 0.2,
  layers: Array.from({ length: layers }, () => layer),
});
const scenes = (count: number, layers = 1) =>
  Array.from({ length: count }, (_, index) => scene(index, layers));

/** On two busy cores; alone it takes a third. */
const compileMsMax = 20_000;

describe('A1 · a film', () => {
  it('of 5,000 scenes is planned, every frame of it', () => {
    const begin = performance.now();
    const plan = planOf({ fps: 25, scenes: scenes(5_000) });
    expect(performance.now() - begin).toBeLessThan(compileMsMax);
    expect(plan.scenes).toHaveLength(5_000);
    expect(plan.scenes.reduce((sum, { picture }) => sum + picture.frames, 0)).toBe(25_000);
  });

  it('of scenes 32 layers wide is planned', () => {
    const plan = planOf({ fps: 25, scenes: scenes(150, 32) });
    expect(plan.scenes).toHaveLength(150);
  });

  it('of one scene or one layer more than the limits is refused by name', () => {
    const many = Movie.safeParse({ scenes: scenes(5_001) });
    expect(many.error?.issues).toMatchObject([{ path: ['scenes'], code: 'too_big' }]);
    const wide = Movie.safeParse({ scenes: scenes(1, 201) });
    expect(wide.error?.issues).toMatchObject([{ path: ['scenes', 0, 'layers'], code: 'too_big' }]);
  });

  it('longer than the engine renders is refused with the limit', () => {
    const long = Array.from({ length: 3 }, (_, index) => ({ ...scene(index), duration: 3_600 }));
    const result = compileMovie(compileInput({ scenes: long }));
    expect(result.kind).toBe('refused');
    expect(JSON.stringify(result)).toContain('7200');
  });
});

const hostileNames = [
  '../../etc/passwd',
  'a/b',
  '..',
  '.',
  'a\u0000b',
  'C:\\x',
  'ｗｉｄｅ',
  '👩‍🚀',
  '\u202Eexe',
  'x'.repeat(5_000),
];

describe('A5 · a name', () => {
  it.each(hostileNames)('%# as an id is refused or kept out of every key', (id) => {
    const parsed = Movie.safeParse({ title: id.slice(0, 500), scenes: [{ ...scene(0), id }] });
    if (!parsed.success) {
      expect(parsed.error.issues[0]?.path).toEqual(['scenes', 0, 'id']);
      return;
    }
    const plan = planOf({ scenes: [{ ...scene(0), id }] });
    const keys = plan.scenes.flatMap((planned, index) => [
      objectKeys.cachedClip(planned.pictureKey),
      objectKeys.sceneClip('job_1', index),
    ]);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_./-]+$/);
    if (id.length > 2) expect(keys.join()).not.toContain(id);
  });

  it.each(hostileNames)('%# as a part of a key is an error of ours, never a key', (part) => {
    expect(() => objectKeys.asset('user', part)).toThrow(/cannot be part/);
  });
});
